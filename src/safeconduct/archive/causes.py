"""Why nothing came of a visit to a source: the words that the tables keep of it.

Apart from what captures and watches, so that whoever only needs the tables does not load those.
"""

from enum import StrEnum


class Unreached(StrEnum):
    """Why an address gave nothing. None of these says anything about the source itself."""

    NO_ADDRESS = "no_address"  # not an http or https address as one is written
    REFUSED_ADDRESS = "refused_address"  # private, link-local or otherwise not of the public network
    NO_NAME = "no_name"  # the name has no address at the moment
    NO_ANSWER = "no_answer"  # nothing listens, or the line broke
    TIME = "time"
    TOO_LARGE = "too_large"
    TOO_MANY_HOPS = "too_many_hops"
    NO_TRUST = "no_trust"  # its certificate is not for this name, or nobody this machine trusts vouches for it
    NOT_HTTP = "not_http"  # it answers, and not as a web server does
    NO_PAGE = "no_page"  # an error, a throttle or nothing: see its status
    NOT_HERE = "not_here"  # this machine cannot confine the process that would fetch


class Why(StrEnum):
    """What stood in the way of reaching the source, or by what it says that it is gone."""

    NOT_FETCHED = "not_fetched"  # see `Observation.unreached`
    THROTTLED = "throttled"
    ASKED_TO_SIGN_IN = "asked_to_sign_in"
    REFUSED = "refused"
    NOT_FOUND = "not_found"
    SERVER_FAILED = "server_failed"
    ANOTHER_STATUS = "another_status"
    NOTHING_TO_READ = "nothing_to_read"  # it answers, with a page that has no words where there were some
    STATUS_GONE = "status_gone"
    SAID_GONE = "said_gone"
