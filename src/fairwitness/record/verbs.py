"""Every verb of the house, on one page.

One word, four uses: the permission, the action on record, the key of a reaction, and the line of
history (its translation key). A verb reads `thing.act` and is never renamed: old entries carry it.
`.past` is the English line of history.
"""

from __future__ import annotations

from enum import StrEnum


class Verb(StrEnum):
    """What can be done here. The comment groups them by room, in the order of the sentence."""

    past: str

    def __new__(cls, value: str, past: str) -> Verb:
        """A verb is its value; the past tense is what history says."""
        verb = str.__new__(cls, value)
        verb._value_ = value
        verb.past = past
        return verb

    # record
    LOG_START = "log.start", "started the log"
    SCHEMA_MIGRATE = "schema.migrate", "carried the thing over to a new schema"
    KEY_SHRED = "key.shred", "destroyed a key"
    LOG_READ = "log.read", "read the log"
    STORE_ERASE = "store.erase", "erased what destroyed keys had closed"
    STORE_RESTORE = "store.restore", "restored a backup"
    # mission
    PACK_APPLY = "pack.apply", "took over from the mission pack"
    MANDATE_EDIT = "mandate.edit", "edited the mandate"
    UNIT_EDIT = "unit.edit", "edited a unit"
    AREA_EDIT = "area.edit", "edited an area of responsibility"
    POST_EDIT = "post.edit", "edited a post"
    MEMBER_ENROL = "member.enrol", "enrolled a member"
    MEMBER_EDIT = "member.edit", "edited a member"
    POST_FILL = "post.fill", "filled a post"
    POST_HANDOVER = "post.handover", "handed over a post"
    POST_VACATE = "post.vacate", "left a post vacant"
    POWER_TAKE = "power.take", "took extra power for an hour"
    POWER_REVIEW = "power.review", "reviewed extra power"
    ACCESS_EXPLAIN = "access.explain", "asked why"
    PLACE_EDIT = "place.edit", "edited a place"
    PLACE_IMPORT = "place.import", "imported places"
    PLACE_READ = "place.read", "read what was new of a place"
    COUNTERPART_EDIT = "counterpart.edit", "edited a counterpart"
    TERM_EDIT = "term.edit", "edited the vocabulary"
    IMPORT_BRING = "import.bring", "brought a list"
    IMPORT_CHECK = "import.check", "tried a list without taking anything"
    IMPORT_TAKE = "import.take", "took rows of a list"
    IMPORT_LINK = "import.link", "linked a row of a list to what it became"
    IMPORT_UNDO = "import.undo", "undid an import"
    IMPORT_WITHDRAW = "import.withdraw", "withdrew what a list had brought"
    SEARCH_ASK = "search.ask", "searched and found nothing"
    SEARCH_SAVE = "search.save", "kept a search"
    SEARCH_LOOK = "search.look", "looked at what a kept search had found"
    SEARCH_END = "search.end", "ended a kept search"
    STAFF_READ = "staff.read", "read the staff list"
    CREDENTIAL_RESET = "credential.reset", "reset a credential"
    # monitor
    ACTIVITY_PLAN = "activity.plan", "planned an activity"
    ACTIVITY_REPORT = "activity.report", "reported an activity as done"
    ACTIVITY_EDIT = "activity.edit", "corrected an activity"
    COVERAGE_STATE = "coverage.state", "stated coverage"
    COVERAGE_EDIT = "coverage.edit", "corrected coverage"
    RESTRICTION_REPORT = "restriction.report", "reported a restriction of access"
    RESTRICTION_EDIT = "restriction.edit", "corrected a restriction of access"
    OBSERVATION_SUBMIT = "observation.submit", "submitted an observation"
    OBSERVATION_RECEIVE = "observation.receive", "received an observation"
    OBSERVATION_EDIT = "observation.edit", "corrected an observation"
    OBSERVATION_READ = "observation.read", "read observations"
    CLAIM_SUBMIT = "claim.submit", "wrote down what was claimed"
    CLAIM_EDIT = "claim.edit", "corrected a claim"
    CLAIM_TEST = "claim.test", "tested a claim"
    SOURCE_REGISTER = "source.register", "registered a source by code"
    IDENTITY_KEEP = "identity.keep", "put an identity into the vault"
    IDENTITY_OPEN = "identity.open", "opened an identity in the vault"
    IDENTITY_SEARCH = "identity.search", "searched the vault"
    IDENTITY_COMPARE = "identity.compare", "compared the identities in the vault with each other"
    CONSENT_GIVE = "consent.give", "wrote down consent"
    CONSENT_WITHDRAW = "consent.withdraw", "took back consent on the source's behalf"
    CONSENT_TEXT_WRITE = "consent_text.write", "wrote a text on what consent means"
    CONSENT_TEXT_RELEASE = "consent_text.release", "released a text on what consent means"
    ATTACHMENT_ADD = "attachment.add", "added an attachment"
    ATTACHMENT_READ = "attachment.read", "opened an attachment"
    ATTACHMENT_DESCRIBE = "attachment.describe", "described an attachment and who is on it"
    ATTACHMENT_REDACT = "attachment.redact", "made a copy with faces covered"
    ATTACHMENT_LOCATE = "attachment.locate", "opened where a camera says it was, and whose it is"
    COMMENT_MAKE = "comment.make", "commented"
    COMMENT_READ = "comment.read", "read a comment that named them"
    ASSIGNMENT_GIVE = "assignment.give", "assigned it"
    ASSIGNMENT_FINISH = "assignment.finish", "finished an assignment"
    ENTRY_RETURN = "entry.return", "returned it to its author"
    # verify
    OBLIGATION_STATE = "obligation.state", "stated an obligation"
    CHECK_MAKE = "check.make", "held an obligation against what was observed"
    CHECK_EDIT = "check.edit", "corrected a check"
    # analyse
    ASSESSMENT_MAKE = "assessment.make", "rated source and information"
    EVENT_OPEN = "event.open", "opened an event"
    EVENT_EDIT = "event.edit", "corrected an event"
    EVENT_LINK = "event.link", "linked a source to an event"
    EVENT_UNLINK = "event.unlink", "undid a link to an event"
    FIGURE_STATE = "figure.state", "wrote down a published figure"
    FINDING_CONCLUDE = "finding.conclude", "concluded a finding"
    FINDING_EDIT = "finding.edit", "edited a finding"
    COUNT_READ = "count.read", "read counts"
    FORECAST_READ = "forecast.read", "looked at a forecast"
    ALARM_JUDGE = "alarm.judge", "wrote down what came of an alarm"
    # warn
    WARNING_ISSUE = "warning.issue", "issued a warning"
    WARNING_ANSWER = "warning.answer", "wrote down a response to a warning"
    WARNING_JUDGE = "warning.judge", "judged a warning afterwards"
    # report
    REPORT_DRAFT = "report.draft", "drafted a report"
    REPORT_WRITE = "report.write", "wrote a paragraph"
    REPORT_SUBMIT = "report.submit", "sent the draft to clearance"
    REPORT_RETURN = "report.return", "returned the draft to its authors"
    REPORT_CLEAR = "report.clear", "cleared the report"
    REPORT_ISSUE = "report.issue", "issued the report"
    REPORT_CORRECT = "report.correct", "issued a correction"
    REPORT_QUESTION = "report.question", "asked whether a correction is due"
    REPORT_READ = "report.read", "read reports"
    # recommend
    RECOMMENDATION_DRAFT = "recommendation.draft", "drafted a recommendation"
    RECOMMENDATION_EDIT = "recommendation.edit", "edited a recommendation"
    RECOMMENDATION_ISSUE = "recommendation.issue", "issued a recommendation"
    RECOMMENDATION_REPLY = "recommendation.reply", "wrote down the addressee's reply"
    RECOMMENDATION_RATE = "recommendation.rate", "rated progress"
    RECOMMENDATION_RELATE = "recommendation.relate", "tied a recommendation to an earlier one"
    # assist
    TRAINING_PLAN = "training.plan", "planned a training"
    TRAINING_DELIVER = "training.deliver", "delivered a training"
    TRAINING_EVALUATE = "training.evaluate", "evaluated a training"
    # share
    RELEASE_PUBLISH = "release.publish", "published"
    RELEASE_TAKE_DOWN = "release.take_down", "took a publication down"
    RELEASE_EXPORT = "release.export", "exported"
    ANALYSIS_EXPORT = "analysis.export", "took an analysis set out"
    RELEASE_MARK = "release.mark", "changed who a report may go to"
    AGREEMENT_EDIT = "agreement.edit", "edited a sharing agreement"
