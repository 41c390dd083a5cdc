//! What is told of a call to a customer.

pub const STATE: &str = "state";
pub const OCCASION: &str = "occasion";
pub const ENDED_AT: &str = "ended_at";
pub const FROM_AT: &str = "from_at";
pub const DUE_AT: &str = "due_at";
pub const ACTION_ID: &str = "action_id";

/// A state: it should have been made.
pub const OVERDUE: &str = "overdue";
/// A state: it may be made now.
pub const DUE: &str = "due";
/// A state: it may not be made yet.
pub const AHEAD: &str = "ahead";

/// Why the customer is called: the ticket is a complaint.
pub const COMPLAINT: &str = "complaint";
/// The same: a measure against what the ticket was about was completed.
pub const MEASURE: &str = "measure";
/// The same: any other service was finished.
pub const SERVICE: &str = "service";
