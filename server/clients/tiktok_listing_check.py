"""What Check Product Listing answers (TikTok fact sheet 3.14)."""

from server.clients.tiktok_wire import Many, Text, Wire, Words


class CheckFinding(Wire):
    """A reason with a code of Create Product."""

    code: int = 0
    message: Text = ""


class PreCheckDetail(Wire):
    """A finding of the platform's own checks."""

    short_reason: Text = ""
    long_reason: Text = ""
    related_fields: Words = ()


class PreCheck(Wire):
    """One of the platform's own checks."""

    pre_check_item: Text = ""
    pre_check_details: Many[PreCheckDetail] = ()


class CheckWarnings(Wire):
    """One text for all remarks, where Create Product has a list."""

    message: Text = ""


class ListingCheck(Wire):
    """Answer of Check Product Listing: ``check_result`` is ``PASS`` or ``FAILED``."""

    check_result: Text = ""
    fail_reasons: Many[CheckFinding] = ()
    warnings: CheckWarnings | None = None
    pre_check_results: Many[PreCheck] = ()
    request_id: Text = ""
