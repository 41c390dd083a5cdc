//! `[sources.staff]`: what a roster needs beyond the columns that were recognised.

use super::content::{Column, percent};
use super::kinds::Feed;
use super::say::Tongue;
use super::source::SourceDraft;

/// Completes a roster; `tickets` says by what tickets name their staff.
pub fn complete(draft: &mut SourceDraft, feed: &Feed, tickets: Option<&Feed>, tongue: Tongue) {
    let (id, name) = (feed.matches.column("staff_id"), feed.matches.column("staff_name"));
    let named =
        tickets.and_then(|tickets| tickets.matches.column("staff_id").or_else(|| tickets.matches.column("staff_name")));
    let by_name = match (id, name, named) {
        (None, _, _) => true,
        (Some(id), Some(name), Some(named)) => shared(named, id) < 50 && shared(named, name) >= 50,
        _ => false,
    };
    if by_name {
        let why = tongue.say(
            "工单以姓名记员工，故以姓名为编号；同名者会合为一人",
            "tickets name their staff by name; namesakes count as one person",
        );
        draft.columns.retain(|line| line.ours != "staff_id");
        if let Some(line) = draft.columns.iter_mut().find(|line| line.ours == "staff_name") {
            "staff_id".clone_into(&mut line.ours);
            *line = line.clone().unsure(Some(why));
        }
    }
    draft.filled = super::build::among(feed, "hired_on");
}

/// Values of one column that the other one has, in per cent.
fn shared(of: &Column, within: &Column) -> usize {
    percent(of.distinct.keys().filter(|value| within.distinct.contains_key(*value)).count(), of.distinct.len())
}
