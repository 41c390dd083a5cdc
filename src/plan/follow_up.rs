//! `[follow_up]`: by when customers are called after a service, and whom a round of calls asks.

use super::quality::{self, length};
use super::reader::{Item, Section};
use crate::time::DAY_SECONDS;
use crate::time::target::Target;

/// `[follow_up]`: by when customers are called after a service, and whom a round of calls asks.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowUp {
    /// From when on after a service, so that the customer knows whether it helped, and at the latest.
    pub service_from: Target,
    pub service_by: Target,
    /// At the latest after a complaint was settled.
    pub complaint_by: Target,
    /// At the latest after a measure against what the ticket was about was completed.
    pub measure_by: Target,
    /// Seconds before the completion within which tickets must have ended for that.
    pub measure_reach: i64,
    /// Tiers of the customers who matter most; empty: those whose name contains `VIP`.
    pub vip: Vec<String>,
    /// How much of the period's customers a round asks, and of these VIPs and complaint cases; the rest are others.
    pub share: f64,
    pub vip_share: f64,
    pub complaint_share: f64,
    /// Seconds for which a customer who has been asked is left alone.
    pub not_within: i64,
    /// Another seed draws others.
    pub seed: i64,
}

const VIP: &str = "VIP";

impl FollowUp {
    /// Whether a customer of this tier is a VIP.
    pub fn is_vip(&self, tier: &str) -> bool {
        if self.vip.is_empty() { tier.to_uppercase().contains(VIP) } else { self.vip.iter().any(|vip| vip == tier) }
    }
}

pub fn read(mut section: Section) -> FollowUp {
    let mut targets = [
        ("service_from", "3d"),
        ("service_by", "5d close"),
        ("complaint_by", "24h clock"),
        ("measure_by", "168h clock"),
    ]
    .map(|(key, usual)| target(section.get(key), usual));
    let (from, by) = (section.get("service_from"), section.get("service_by"));
    if let [Some(first), Some(last), ..] = targets
        && precedes(last, first)
        && let Some(item) = by.or(from)
    {
        let message = format!("calls would have to be made by {last}, and may begin after {first} only");
        item.wrong(message, "too early", "give service_by a later moment than service_from");
        targets[1] = None;
    }
    let [service_from, service_by, complaint_by, measure_by] =
        targets.map(|target| target.unwrap_or(Target::Clock { seconds: 1 }));
    let mut shares = [("share", 0.1), ("vip_share", 0.3), ("complaint_share", 0.2)].map(|(key, usual)| {
        let item = section.get(key);
        item.as_ref().map_or(Some(usual), share)
    });
    if let [_, Some(vip), Some(complaint)] = shares
        && vip + complaint > 1.0
        && let Some(item) = section.get("complaint_share").or_else(|| section.get("vip_share"))
    {
        let message = "VIPs and complaint cases would be more than all who are asked".to_owned();
        item.wrong(message, "too much", "let vip_share and complaint_share come to 100% at most");
        shares[2] = None;
    }
    let [share, vip_share, complaint_share] = shares.map(Option::unwrap_or_default);
    let follow_up = FollowUp {
        service_from,
        service_by,
        complaint_by,
        measure_by,
        measure_reach: section.get("measure_reach").and_then(|item| length(&item)).unwrap_or(90 * DAY_SECONDS),
        vip: section.get("vip").and_then(|item| item.names()).map(texts).unwrap_or_default(),
        share,
        vip_share,
        complaint_share,
        not_within: section.get("not_within").and_then(|item| length(&item)).unwrap_or(90 * DAY_SECONDS),
        seed: section.get("seed").and_then(|item| item.integer()).unwrap_or(1),
    };
    section.finish();
    follow_up
}

fn texts(names: Vec<super::reader::Text>) -> Vec<String> {
    names.into_iter().map(|(name, _)| name.to_owned()).collect()
}

/// None where the mistake has been told.
fn target(item: Option<Item>, usual: &str) -> Option<Target> {
    let Some(item) = item else { return Target::parse(usual).ok() };
    match Target::parse(item.text()?) {
        Ok(target) => Some(target),
        Err(error) => {
            item.problems.refused(item.at(), "no length of time", &error, "");
            None
        }
    }
}

/// Whether a target surely falls due before another one of the same start; of different kinds nobody can say.
fn precedes(one: Target, other: Target) -> bool {
    match (one, other) {
        (Target::Days { days: one, at_close }, Target::Days { days: other, at_close: other_at_close }) => {
            (one, at_close) < (other, other_at_close)
        }
        (Target::Working { seconds: one }, Target::Working { seconds: other })
        | (Target::Clock { seconds: one }, Target::Clock { seconds: other }) => one < other,
        _ => false,
    }
}

/// A share of customers, more than none where it is the share of all; none where the mistake has been told.
fn share(item: &Item) -> Option<f64> {
    quality::share(item, "customers", ("10%", "0.1"), |share| share > 0.0 || item.key != "share")
}

#[cfg(test)]
mod tests {
    use crate::plan::testing::{check, plan};

    #[test]
    fn what_is_not_said_is_as_usual() {
        let usual = plan("").follow_up;
        let said = plan(
            "[follow_up]\nservice_from = \"3d\"\nservice_by = \"5d close\"\ncomplaint_by = \"24h clock\"\nmeasure_by = \"168h clock\"\n\
             measure_reach = \"90d\"\nshare = \"10%\"\n\
             vip_share = 0.3\ncomplaint_share = \"20%\"\nnot_within = \"90d\"\nseed = 1\n",
        );
        assert_eq!(said.follow_up, usual);
        assert!(usual.is_vip("VIP客户") && usual.is_vip("大客户（vip）") && !usual.is_vip("普通客户"));
        let named = plan("[follow_up]\nvip = [\"金牌\"]\n").follow_up;
        assert!(named.is_vip("金牌") && !named.is_vip("VIP客户"));
    }

    #[test]
    fn calls_fall_due_after_they_may_begin_and_shares_are_shares() {
        assert_eq!(
            check(
                "[follow_up]\nservice_by = \"2d close\"\ncomplaint_by = \"soon\"\nshare = 0\nvip_share = \"70%\"\n\
                 complaint_share = \"31%\"\nnot_within = \"2d close\"\nseed = \"x\"\nvips = []\n"
            ),
            [
                "2: calls would have to be made by 2d close, and may begin after 3d only | \
                 give service_by a later moment than service_from",
                "3: `soon` is not understood | a target looks like `2h`, `1h30m`, `24h clock`, `3d` or `3d close`",
                "4: `share` is not a share of customers | write a percentage, \"10%\", or a number from 0 to 1, 0.1",
                "6: VIPs and complaint cases would be more than all who are asked | \
                 let vip_share and complaint_share come to 100% at most",
                "7: `2d close` is no length of time | \
                 write \"24h\", \"90m\" or \"3d\", above zero and up to ten years; it is counted around the clock",
                "8: `seed` must be a whole number, not a string | ",
                "9: unknown key `vips` in [follow_up] | did you mean `vip`?",
            ]
        );
    }
}
