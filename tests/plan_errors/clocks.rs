//! Mistakes about clocks, event logs and timeliness.

use std::path::Path;

use aftersales::plan;

/// What a plan says of clocks, events and timeliness.
const MISTAKES: &str = r#"[sources.tickets]
files = "../dumps/*.csv"
[sources.tickets.columns]
ticket_id    = "服务工单号"
requested_at = "客户提出需求时间"
arrived_at   = "到达时间"

[sources.pauses]
files   = "../dumps/log.csv"
pending = ["等待客户", "已解决"]
resolved = ["已解决"]
[sources.pauses.columns]
ticket_id = "服务工单号"
event_at  = "变更时间"
status    = "变更后状态"

[clocks.visit]
from  = "first_response_at"
to    = "arrived_at"
label = "上门"
[clocks.resolution]
pauses = ["等待备件"]
goal   = "190%"
counts = "last"
[clocks.resolution_over]
from = "requested_at"
to   = "arrived_at"

[timeliness]
clocks = ["visits"]
over   = 1.5
"#;

#[test]
fn mistakes_about_clocks_and_events() {
    let errors = plan::parse(MISTAKES, Path::new("pipelines/quarterly.toml")).unwrap_err();
    insta::assert_snapshot!(errors.render(false), @r#"
      × `已解决` is pending, on line 10, and resolved
        ╭─[pipelines/quarterly.toml:11:13]
     11 │ resolved = ["已解决"]
        ·             ────┬───
        ·                 ╰── not a status of these
        ╰────
      help: a ticket waits or is resolved: name it in one of the two

      × `first_response_at` is not mapped, so the clock would never run
        ╭─[pipelines/quarterly.toml:18:9]
     18 │ from  = "first_response_at"
        ·         ─────────┬─────────
        ·                  ╰── not mapped
        ╰────
      help: add first_response_at = "their name for it" to [sources.tickets.columns]

      × `等待备件` is not among the `pending` statuses of [sources.pauses]
        ╭─[pipelines/quarterly.toml:22:11]
     22 │ pauses = ["等待备件"]
        ·           ─────┬────
        ·                ╰── never a pause
        ╰────
      help: known here: 等待客户, 已解决

      × `goal` is no share of the tickets that are judged
        ╭─[pipelines/quarterly.toml:23:10]
     23 │ goal   = "190%"
        ·          ───┬──
        ·             ╰── not a share
        ╰────
      help: write a percentage above zero, "90%", or a number up to 1, 0.9

      × `counts` cannot be `last`
        ╭─[pipelines/quarterly.toml:24:10]
     24 │ counts = "last"
        ·          ───┬──
        ·             ╰── not known
        ╰────
      help: known here: final, first

      × the clocks `resolution` and `resolution_over` would both have a column `resolution_over_seconds`
        ╭─[pipelines/quarterly.toml:25:9]
     25 │ [clocks.resolution_over]
        ·         ───────┬───────
        ·                ╰── not free
        ╰────
      help: choose another name

      × `visits` is no clock
        ╭─[pipelines/quarterly.toml:30:11]
     30 │ clocks = ["visits"]
        ·           ────┬───
        ·               ╰── not a clock of tickets
        ╰────
      help: did you mean `visit`?

      × `far_over` must be larger than `over`, and 1.500 is not larger than 1.500
        ╭─[pipelines/quarterly.toml:31:10]
     31 │ over   = 1.5
        ·          ─┬─
        ·           ╰── the limits must fall
        ╰────
      help: time used ÷ target, from far over to far under: usually 1.5, 1.0, 0.8 and 0.5

    8 mistakes in pipelines/quarterly.toml
    "#);
}
