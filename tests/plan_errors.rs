//! Every mistake of a pipeline file is shown at once, each at its line, with what to do about it.

use std::path::Path;

use aftersales::plan;

const MISTAKES: &str = r#"[review]
title     = "售后服务质量季度评审"
period    = "quater"
time_zone = "Asia/Shangai"

[sources.tickets]
files = []
[sources.tickets.columns]
ticket_id    = "服务工单号"
requested_at = { column = "客户提出需求时间", format = "%Y/%M/%d %H:%M" }
staff_id     = "服务人员"
staff_name   = "服务人员"
regoin       = "区域"
[sources.tickets.values.service_type]
"维修" = "维修服务"

[calendars.default]
weekly = { mon-fri = "08:30-12:00 11:30-17:30" }
dates  = { "2026-09-31" = "closed" }

[[sla]]
resolution = "0h"
[[sla]]
when = { staff_id = "王师傅" }
resolution = "16 hours"

[tenure]
bands = ["0-6m", "3-12m", "1y+"]

[scores]
target = 4.0
words  = { 非常满意 = 5, 满意 = 40 }
target = 4.5
"#;

#[test]
#[expect(clippy::too_many_lines, reason = "the snapshot is one text")]
fn a_dozen_mistakes_at_once() {
    let errors = plan::parse(MISTAKES, Path::new("pipelines/quarterly.toml")).unwrap_err();
    insta::assert_snapshot!(errors.render(false), @r#"
      × `period` cannot be `quater`
       ╭─[pipelines/quarterly.toml:3:13]
     3 │ period    = "quater"
       ·             ────┬───
       ·                 ╰── not known
       ╰────
      help: did you mean `quarter`?

      × unknown time zone `Asia/Shangai`
       ╭─[pipelines/quarterly.toml:4:13]
     4 │ time_zone = "Asia/Shangai"
       ·             ───────┬──────
       ·                    ╰── not known
       ╰────
      help: did you mean `Asia/Shanghai`?

      × `files` is an empty list
       ╭─[pipelines/quarterly.toml:7:9]
     7 │ files = []
       ·         ─┬
       ·          ╰── nothing in here
       ╰────
      help: name one at least

      × the format `%Y/%M/%d %H:%M` has no month
        ╭─[pipelines/quarterly.toml:10:48]
     10 │ requested_at = { column = "客户提出需求时间", format = "%Y/%M/%d %H:%M" }
        ·                                                        ────────┬───────
        ·                                                                ╰── not a format of times
        ╰────
      help: add `%m` or `%b`; `%M` is the minute

      × their column `服务人员` is mapped to `staff_id` and `staff_name`, on lines 11 and 12
        ╭─[pipelines/quarterly.toml:12:16]
     11 │ staff_id     = "服务人员"
        ·                ─────┬────
        ·                     ╰── first
     12 │ staff_name   = "服务人员"
        ·                ─────┬────
        ·                     ╰── again
        ╰────
      help: map it to one of ours; remove the other line

      × unknown column `regoin` in [sources.tickets.columns]
        ╭─[pipelines/quarterly.toml:13:1]
     13 │ regoin       = "区域"
        · ───┬──
        ·    ╰── not one of ours
        ╰────
      help: did you mean `region`?

      × `service_type` has values, but is not mapped
        ╭─[pipelines/quarterly.toml:14:25]
     14 │ [sources.tickets.values.service_type]
        ·                         ──────┬─────
        ·                               ╰── not mapped
        ╰────
      help: add service_type = "their name for it" to [sources.tickets.columns]

      × `08:30-12:00` and `11:30-17:30` overlap
        ╭─[pipelines/quarterly.toml:18:22]
     18 │ weekly = { mon-fri = "08:30-12:00 11:30-17:30" }
        ·                      ────────────┬────────────
        ·                                  ╰── not opening hours
        ╰────
      help: a shift may begin when the other one ends

      × `2026-09-31` is not a date
        ╭─[pipelines/quarterly.toml:19:12]
     19 │ dates  = { "2026-09-31" = "closed" }
        ·            ──────┬─────
        ·                  ╰── not a date
        ╰────
      help: write a date of the calendar as "2026-09-30"

      × a target of zero cannot be met
        ╭─[pipelines/quarterly.toml:22:14]
     22 │ resolution = "0h"
        ·              ──┬─
        ·                ╰── not a target
        ╰────
      help: leave it out if there is none

      × this policy can never match: the one on line 21 comes first and catches all it would
        ╭─[pipelines/quarterly.toml:21:1]
     21 │ [[sla]]
        · ───┬───
        ·    ╰── catches all
        ╰────
        ╭─[pipelines/quarterly.toml:23:1]
     23 │ [[sla]]
        · ───┬───
        ·    ╰── never reached
        ╰────
      help: the first match wins: put the narrower policy above, or remove it

      × `16 hours` is not understood
        ╭─[pipelines/quarterly.toml:25:14]
     25 │ resolution = "16 hours"
        ·              ─────┬────
        ·                   ╰── not a target
        ╰────
      help: a target looks like `2h`, `1h30m`, `24h clock`, `3d` or `3d close`

      × the bands `0-6m` and `3-12m` overlap
        ╭─[pipelines/quarterly.toml:28:18]
     28 │ bands = ["0-6m", "3-12m", "1y+"]
        ·          ───┬──  ───┬───
        ·             │       ╰── this one
        ·             ╰── the other one
        ╰────
      help: list the bands from new to old; a band ends where the next one begins

      × `满意` must be from 1 to 5, not 40
        ╭─[pipelines/quarterly.toml:32:27]
     32 │ words  = { 非常满意 = 5, 满意 = 40 }
        ·                                 ─┬
        ·                                  ╰── outside the scale
        ╰────
      help: scores are points on a 1–5 scale

      × `target` is given twice, on lines 31 and 33
        ╭─[pipelines/quarterly.toml:31:1]
     31 │ target = 4.0
        · ───┬──
        ·    ╰── first
        ╰────
        ╭─[pipelines/quarterly.toml:33:1]
     33 │ target = 4.5
        · ───┬──
        ·    ╰── again
        ╰────
      help: keep one of the two

    15 mistakes in pipelines/quarterly.toml
    "#);
}
