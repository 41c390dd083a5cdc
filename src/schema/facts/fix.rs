//! Whether a ticket was solved for good the first time.

use super::super::Type::Bool;
use super::super::{Column, column};
use super::text;

/// Column of tickets and faults that tells how a ticket was solved.
pub const STAGE: &str = "fix_stage";

/// A stage: not reopened, and at most one visit.
pub const ONE_GO: &str = "one_go";
/// A stage: reopened, or several visits.
pub const AGAIN: &str = "again";
/// A stage: resolved so shortly before the moment of the review that somebody may still come back.
pub const CENSORED: &str = "censored";
pub const STAGES: [&str; 3] = [ONE_GO, AGAIN, CENSORED];

/// Flag of faults: solved in one go, and the customer came back with this fault in time.
pub const FAILED: &str = "fix_failed";
/// Flag of the first fault of each ticket: the customer came back with one of its faults.
pub const TICKET_FAILED: &str = "ticket_fix_failed";

/// Flag of faults: the first of its ticket.
pub const TICKET_FIRST: &str = "ticket_first";
/// Flag of the first fault of each ticket: one of its faults is a repeat.
pub const TICKET_REPEAT: &str = "ticket_repeat";

pub const TICKET_FIRST_COLUMN: Column = column(
    TICKET_FIRST,
    Bool,
    "",
    "首个故障",
    "First of ticket",
    "The first fault of its ticket: whoever counts tickets rather than faults counts these rows.",
);
pub const TICKET_REPEAT_COLUMN: Column = column(
    TICKET_REPEAT,
    Bool,
    "",
    "工单重复",
    "Ticket repeats",
    "`is_repeat` of any fault of the ticket, told with its first fault alone, so that tickets are counted once.",
);
pub const STAGE_COLUMN: Column = text(
    STAGE,
    "解决情况",
    "Fix stage",
    "`one_go`: resolved without being reopened and with one visit at most; `again`: reopened or several visits; `censored`: resolved less than `repeat_within_days` before the moment of the review; null where it is not resolved, or cancelled.",
);
pub const FAILED_COLUMN: Column = column(
    FAILED,
    Bool,
    "",
    "一次解决失败",
    "Fix failed",
    "`fix_stage` is `one_go`, and the customer came back with this fault within `repeat_within_days`.",
);
pub const TICKET_FAILED_COLUMN: Column = column(
    TICKET_FAILED,
    Bool,
    "",
    "工单一次解决失败",
    "Ticket's fix failed",
    "`fix_failed` of any fault of the ticket, told with its first fault alone, so that tickets are counted once.",
);
