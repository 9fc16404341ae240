"""Lines of the frame: home, find, the log's pages, oneself, the mandate, and what is used of the sign-in library."""

from __future__ import annotations

from people import People

from fairwitness.mission.save_search import save_search
from fairwitness.record.checkpoint import make_checkpoint
from fairwitness.record.models import Entry
from table import row

IN = (302, 302, 302, 302, 302)
ROWS = [
    row("web:home"),
    row("web:home?all=1"),
    row("web:find"),
    row("web:find?q=Plla"),
    row("web:find?q=ab"),
    row("web:suggest"),
    row("web:suggest?kind=place&q=Plla"),
    row("web:suggest?kind=nothing&q=Plla"),
    row("web:find?kind=monitor.claim&from=2026-01-01&to=2026-12-31&s=1&room=monitor"),
    row("web:find?from=yesterday", get=422),
    row("web:find?place=x&q=Plla", get=422),
    row("web:search_save", get=405, post=400),
    row("web:search_save", get=405, post=302, data={"name": "Prizren", "q": "Prizren", "alert": "1"}),
    row("web:search", {"key": "{search}"}, get=(302, 200, 404, 404, 404)),
    row("web:search_looked", {"key": "{search}"}, get=405, post=(302, 302, 404, 404, 404)),
    row("web:search_end", {"key": "{search}"}, get=405, post=(302, 302, 404, 404, 404)),
    row("web:find?q=%00", get=(400, 400, 400, 400, 400), post=(400, 400, 400, 400, 400)),
    row("web:mandate"),
    row("web:me"),
    row("web:draft_keep", get=405, post=400),
    row("web:draft_forget", get=405, post=302),
    row("web:session_end", get=405, post=400),
    row("web:record"),
    row("web:record?verb=unit.edit&before=5"),
    row("web:entry", {"seq": "{of_unit}"}),
    row("web:entry", {"seq": "{of_member}"}, get=404),
    row("web:entry_proof", {"seq": "{of_unit}"}),
    row("web:entry_proof", {"seq": "{of_member}"}, get=404),
    row("web:checkpoints"),
    row("web:checkpoint", {"size": "{size}"}),
    row("web:checkpoint", {"size": 987}, get=404),
    row("account_login", get=(200, 302, 302, 302, 302), post=(200, 302, 302, 302, 302)),
    row("account_logout", get=(302, 200, 200, 200, 200), post=IN),
    row("account_reauthenticate", get=(302, 200, 200, 200, 200), post=(302, 200, 200, 200, 200)),
    row("account_change_password", post=200),
    row("mfa_index"),
    row("mfa_authenticate", get=IN, post=IN),
    row("mfa_reauthenticate", get=IN, post=IN),
    row("mfa_activate_totp", get=IN, post=IN),
    row("mfa_deactivate_totp", get=(302, 404, 404, 404, 404), post=(302, 404, 404, 404, 404)),
    row("mfa_view_recovery_codes", get=(302, 404, 404, 404, 404)),
    row("mfa_generate_recovery_codes", get=IN, post=IN),
    row("mfa_download_recovery_codes", get=(302, 404, 404, 404, 404), post=(302, 404, 404, 404, 404)),
    row("mfa_list_webauthn"),
    row("mfa_add_webauthn", get=IN, post=IN),
    row("mfa_login_webauthn", get=IN, post=IN),
    row("mfa_reauthenticate_webauthn", get=IN, post=IN),
    row("mfa_remove_webauthn", {"pk": 1}, get=IN, post=IN),
    row("mfa_edit_webauthn", {"pk": 1}, get=IN, post=IN),
]


def things(people: People) -> dict[str, object]:
    """A checkpoint; an entry everybody may see, and one only readers of the log may."""
    checkpoint = make_checkpoint()
    assert checkpoint is not None
    entries = {kind: Entry.objects.filter(kind=kind).order_by("seq")[0].seq for kind in ("mission.unit", "mission.member")}
    kept = save_search(name="Prizren", words="Prizren", filters={}, alert=True, by=people.hand(people.monitor))
    return {"of_unit": entries["mission.unit"], "of_member": entries["mission.member"], "size": checkpoint.size, "search": kept.id}
