"""The words by which people say that something is done or open, as patterns. `status` looks at what stands beside them."""

import re
from typing import Final


def _any(words: str) -> str:
    """Words and phrases, one after a comma, as one pattern; a blank stands for one or more."""
    return "|".join(word.strip().replace(" ", r"\s+") for word in sorted(words.split(","), key=len, reverse=True))


def _of(pattern: str) -> "re.Pattern[str]":
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


def phrase(words: str) -> str:
    return " ".join(words.split())


_DONE: Final = _any(
    "done,complete,completed,finished,passed,passing,ok,okay,green,verified,tested,signed,signed off,approved,agreed,accepted,"
    "closed,resolved,fixed,solved,cleared,shipped,merged,deployed,released,published,rolled out,rotated,restored,rehearsed,"
    "reviewed,audited,confirmed,validated,implemented,covered,enabled,installed,configured,documented,measured,proven,proved,"
    "met,reached,achieved,satisfied,fulfilled,delivered,in place,staffed,trained,assigned,decided,defined,live,set up,written,"
    "opened,sent,informed,notified,scheduled,available,working,operational,functional,successful,successfully,calibrated"
)
_UN: Final = (  # un- and a participle, but for those that say nothing of work
    r"un(?!changed|affected|limited|blocked|locked|attended|related|restricted|modified|used|ited|expected|realised|realized"
    r"|balanced|derstood|foreseen|iversal|signed\s+int)[a-z]+(?:ed|en|ished|own)"
)
_HAVE: Final = r"(?:has|have|had|is|are|was|were|be|been|being|am|'s|'re|'ve|’s|’re|’ve)"
_NOT: Final = r"(?:\s+not|n't|n’t|\s+never)"
_PARTICIPLE: Final = (
    r"(?:[a-z]+(?:ed|en)|done|begun|run|set|met|built|sent|made|put|held|shown|known|found|seen|kept|read|got|had)"
)
_HARMLESS: Final = (  # what is good to deny
    r"(?:fail|crash|chang|exceed|lost|lose|dropp|brok|miss|breach|tripp|occur|happen|leak|restart|regress|grow|need|requir"
    r"|allow|permit|affect|us(?:ed|ing)|touch|been\s+(?:exceed|los|need|us(?:ed)|touch|chang|breach|broken))"
)


_OPEN_WORDS: Final = _any(
    "late,red,amber,pending,incomplete,outstanding,missing,blocked,stuck,unclear,unknown,in progress,in the works,"
    "work in progress,wip,ongoing,on-going,underway,under way,under review,in review,under construction,"
    "under investigation,on hold,on ice,overdue,delayed,deferred,postponed,skipped,failing,broken,flaky,partial,"
    "partially done,half done,awaited,up in the air,to follow,non-functional,nonfunctional,non-compliant,"
    "non-existent,nonexistent,insufficient,inadequate,mocked,stubbed,hard-coded,hardcoded,faked,too low,too high,"
    "too slow,dangerously low,to come,todo,to do,to-do,still open,left to do,not ready,at risk,behind schedule,"
    "out of date,inconclusive,tbd,tba"
)
_AFTER_VERB: Final = _any("sometimes,often,randomly,since,from,after,of,when,whenever,if")
_VALUE_WORDS: Final = _any(
    "running,started,begun,open,opened in part,red,amber,yellow,orange,no,later,soon,planned,draft,drafted,paused,"
    "stopped,testing,new,next,waiting,backlog,investigating,negotiating,upcoming,requested,ordered,almost,nearly,"
    "half,partially,partly,partial,wip,to do,todo,to come,to follow,coming,mock,mock data,insufficient,inadequate,"
    "misleading,failed,fail,failing,fails,rejected,declined,refused,expired,broken,crashed,degraded,no-go,nogo,"
    "not yet,do not release,do not launch,do not ship,do not deploy,do not proceed,do not go,awaiting,pending,"
    "blocked,missing,incomplete,unknown,maybe,perhaps,hopefully,probably,on hold,skipped,nobody,nowhere,never"
)
_WEAK_WORDS: Final = _any(
    "running,started,begun,open,red,amber,yellow,orange,no,later,soon,planned,draft,drafted,paused,stopped,testing,"
    "new,next,waiting,requested,ordered,failed,fail,failing,partial,missing,unknown,nobody,never,expired,broken,"
    "rejected"
)
_FOLLOWING: Final = _any(
    "on,in,for,by,since,until,till,at,with,from,as,due,because,again,yet,still,now,but,after,before,this,last,next,"
    "twice,today,yesterday,tomorrow,approval,review,sign-off,signoff,signature,confirmation,decision,feedback,legal,"
    "to,of,there,here,so,per,via,under,within,without,every,all,everywhere,only,too,also,upon,pending,against"
)

ACHIEVED: Final = _of(rf"\b(?:{_DONE}|pass|passes|works|works\s+now|yes|went\s+(?:well|live))\b")
"""What is done."""

STATES: Final = _of(rf"""\b(?:{_OPEN_WORDS}|{_UN})\b""")
"""What says as a predicate that something stands open now."""

EVENTS: Final = _of(
    rf"""\b(?:failed(?!\s+(?:over|orders?|trades?|requests?))|crashed|hung|timed\s+out|broke|regressed
    |(?:slipped|slips|was\s+pushed|pushed|moved|postponed|deferred|delayed)\s+(?:back\s+)?(?:to|until|till|into)\b
    |(?:still\s+)?(?:fails|crashes|hangs|leaks|flaps|breaks)(?!\s+over)(?=\s*$|\s+(?:on|in|with|at|for|under|every|each|again|about|{_AFTER_VERB})\b))"""
)
"""What went wrong, and may be mended since."""

LACKING: Final = _of(
    rf"""(?P<strong>\bnot\s+yet\b|\byet\s+to\b|\bn/a\s+yet\b|\b(?:no|nobody|no\s+one|none|nothing)\b[^.;:]{{1,60}}\byet\b|\bstill\s+to\b|\bto\s+be\s+(?:{_PARTICIPLE})\b
    |^(?:except|apart\s+from|save\s+for|other\s+than)\b)
    |\b(?:a?waiting\s+(?:for|on)|awaiting|awaits)\b(?<!\bwaits)
    |\bstill\s+(?:being\s+)?(?!pass|work|hold|valid|green|true|run|alive|protect|there|rest|stand)(?:[a-z]+ing|needs?|lacks?|requires?|fails?|open|red
        |missing|in|under|on|at|a|an|only|not|no|has|have|unclear|to)\b
    |\b(?:is|are)\s+being\s+{_PARTICIPLE}
    |\bneeds?\s+(?:another|more|further|some|to\s+be|work|review|approval|fixing|testing|signing|attention|(?:a|an)\s+
        (?:\w+\s+)?(?:fix|review|test|decision|look|rewrite|retest|owner|approval|signature|answer|pair\s+of\s+eyes|eye|second\b))
    |\b(?:wants?|requests?|demands?|asks?\s+for)\s+(?:\w+\s+)?(?:changes?|clarifications?|more|another|further|rework|amendments?)\b
    |\bso\s+far\s*$|\blacks?\b|\blacking\b|\bremains?\s+to\b|\bopen\s+(?:question|point|issue|item|task|decision)s?\b
    |\bblocks?\s+(?:\w+\s+){{0,3}}(?:launch|release|validation|deployment|rollout|testing|phase|go-live|sign-?off)\b|\bon\s+it\s*$|\bin\s+the\s+making\b|\bcause\s+unknown\b|\boff\s+by\b
    |\b(?:almost|nearly|mostly|partly|partially|half)[\s-]+(?:{_DONE}|there|through|implemented|tested)\b"""
)
"""Phrases by which something is not there yet. strong: also in the words of a ticked box."""

NOT_ACHIEVED: Final = _of(
    rf"""\b(?:has|have|'ve|’ve)(?:\s+not|n't|n’t|\s+never)\s+(?:yet\s+|been\s+|\w+ly\s+)*(?!{_HARMLESS}){_PARTICIPLE}\b
    |(?P<past>\b(?:was|were|had){_NOT}\s+(?:yet\s+|been\s+|\w+ly\s+)*(?:{_DONE}|started|begun|ready|{_PARTICIPLE}))\b
    |\b(?:is|are|'s|’s|'re|’re){_NOT}\s+(?:yet\s+|\w+ly\s+)*(?:{_DONE}|started|begun|ready|known|clear|there|finished|final)\b
    |(?P<event>\bcould(?:\s+not|n't|n’t)\b|\bdid(?:\s+not|n't|n’t)\s+(?:pass|work|finish|complete|hold|fire|arrive|start|run|happen|reach|meet|sign
        |answer|respond|survive|recover)\b)
    |\b(?:cannot|can't|can’t|can\s+not)\s+(?:be\s+)?(?:yet\s+)?(?:validate|verify|compile|build|deploy|start|run|test|detect|confirm|measure
        |restore|reproduce|complete|finish|reach|validated|verified|compiled|built|deployed|started|run|tested|confirmed|measured|restored)\b
    |\bnot\s+(?:yet\s+)?(?:[\w-]+\s+){{0,2}}ready\b|\b(?:no|low|little)\s+confidence\b
    |\b(?:does|do)(?:\s+not|n't|n’t)\s+(?:yet\s+|\w+ly\s+)?(?:work|fire|arrive|pass|compile|respond|answer|exist|survive|function|load)\b
    |\b(?:nobody|no\s+one|no-one|none\s+of\s+\w+(?:\s+\w+)?)\s+(?:has|have|is|are|was|were|had)\b(?!\s+(?:lost|needed|affected))
    |(?:^|\b(?:is|are)\s+)not\s+(?!applicable|needed|required|relevant|part|only|to\b|a\b|an\b|the\b|affected|allowed|used|permitted)
        (?:{_DONE}|started|begun|ready|known|clear|there|{_PARTICIPLE})\b"""
)
"""What is denied to be done. past: it was so once; event: an attempt that did not succeed."""

VALUES: Final = _of(
    rf"""^(?:(?:{_VALUE_WORDS}|{
        _UN
    })\b(?!\s+(?:critical|findings|errors?|issues?|problems?|bugs?|incidents?|place|use|force|full|production|vault|objections?|blockers?|
        later\s+than|changes?|need|longer|loss))(?!\s*[-=]?\s*\d+\s*%?\s*(?:tests|passed))
    |not\s+(?!applicable|needed|required|relevant|used|affected|part\b|only\b|in\s+scope|to\b|a\b|an\b|the\b|allowed|permitted|all\b)[\w-]+
    |[✗✘❌🔴🟡🟠⏳🚧])"""
)
"""What a status begins with that is no good one."""

WEAK: Final = _of(rf"""^(?:{_WEAK_WORDS})$""")
"""Of these only such as stand alone, or go on with `since`, `by` and their like: `open beta` is no status."""

FOLLOWS: Final = _of(rf"""^(?:\s*$|\s*[.,;:!?)\]%|]|\s+(?:{_FOLLOWING})\b|\s+[\d(\[])""")
"""What may follow a predicate; a noun would make it an attribute."""

BETWEEN: Final = _of(
    rf"""(?:\b(?:{_HAVE}|seems?|still|remains?|stays?|currently|now|yet|partly|largely|already|fully|all|both|got|gone|just|no\s+longer|
        recently|finally|successfully|also|\w+ly)|n't|n’t|\bnot|'s|’s|[%\d])\s*$"""
)
"""What stands before a predicate in the middle of a clause."""

VERBS: Final = re.compile(r"^(?:works|passes|went\s+\w+)$", re.IGNORECASE)
PERFECT: Final = re.compile(r"\b(?:has|have)\s+(?:\w+ly\s+|already\s+|now\s+)?$", re.IGNORECASE)
"""What makes of a participle a deed, whatever it was done to: `has approved the text`."""

MODIFIED: Final = re.compile(
    r"\b(?:a|an|the|each|every|any|of|to|after|before|on|with|for|my|our|its|their|no\s+longer\s+a)\s*$", re.IGNORECASE
)
"""What stands before an attribute or a noun."""

DENIED: Final = _of(
    r"""(?:\b(?:no|none|nothing|zero|0|without|never|not|neither|nor|hardly|no\s+longer|nobody|not\s+a\s+single|free\s+of)\b
    |n't\b|n’t\b)[^.;:]{0,30}$"""
)
"""What denies the words after it."""

PAST: Final = _of(
    r"\b(?:was|were|had\s+been|used\s+to\s+be|formerly|previously|earlier|once|initially|originally|first)\b[^.;:]{0,30}$"
)
"""What says that it was so once."""

UNLESS: Final = re.compile(
    r"\b(?:if|when|whenever|while|unless|in case|once|as long as|may|might|can|could|should|must|will|would|shall|cannot|until|"
    r"lest)\b|\S\s+(?:where|that|which|whether|who)\b(?:\s+\w+){0,3}\s*$",
    re.IGNORECASE,
)
"""What makes the words after it a case that may come."""
