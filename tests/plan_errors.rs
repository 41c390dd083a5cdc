//! Every mistake of a pipeline file is shown at once, each at its line, with what to do about it.

mod clocks;

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

/// What a plan says of files, rows and rules.
const MORE_MISTAKES: &str = r#"[sources.tickets]
files      = "../dumps/*.xlsx"
sheets     = ["西安[", "北京*"]
header_row = 0
separator  = "，"
missing    = ["无"]
carry      = ["made_sla", "Region"]
[sources.tickets.where]
工单状态 = ["已完成", "无"]
上门次数 = { min = 3, max = 1 }
网点     = { nto = "测试" }
[sources.tickets.columns]
ticket_id    = "服务工单号"
requested_at = { value = "30.6.2026" }
branch       = "@tab"

[sources.surveys]
files = "../dumps/surveys.ndjson"
[sources.surveys.columns]
ticket_id   = "服务工单号"
answered_at = "评价时间"
score       = "得分"

[clocks.resolution]
pauses = ["等待客户"]

[quality]
survey_within = "a day"
[quality.rules]
unparsable  = "warning"
missing_key = "off"
"#;

#[test]
#[expect(clippy::too_many_lines, reason = "the snapshot is one text")]
fn mistakes_about_files_rows_and_rules() {
    let errors = plan::parse(MORE_MISTAKES, Path::new("pipelines/quarterly.toml")).unwrap_err();
    insta::assert_snapshot!(errors.render(false), @r#"
      × `西安[` is no sheet pattern: invalid range pattern
       ╭─[pipelines/quarterly.toml:3:15]
     3 │ sheets     = ["西安[", "北京*"]
       ·               ───┬───
       ·                  ╰── not understood
       ╰────
      help: `*` stands for any letters; put `[` and `]` of a name in brackets: `[[]`, `[]]`

      × `header_row` must be at least 1, not 0
       ╭─[pipelines/quarterly.toml:4:14]
     4 │ header_row = 0
       ·              ┬
       ·              ╰── no row
       ╰────
      help: rows are numbered as in a spreadsheet: the first one is 1

      × `，` does not separate fields
       ╭─[pipelines/quarterly.toml:5:14]
     5 │ separator  = "，"
       ·              ──┬─
       ·                ╰── not a separator
       ╰────
      help: write ",", ";", "tab" or "|"; leave it out where the files may say it themselves

      × `fact_ticket` has a column `region` already
       ╭─[pipelines/quarterly.toml:7:27]
     7 │ carry      = ["made_sla", "Region"]
       ·                           ────┬───
       ·                               ╰── taken
       ╰────
      help: to fill that one, write region = "Region" in [sources.tickets.columns]

      × `无` counts as an empty cell, as `missing` says
       ╭─[pipelines/quarterly.toml:9:16]
     9 │ 工单状态 = ["已完成", "无"]
       ·                       ──┬─
       ·                         ╰── an empty cell
       ╰────
      help: write { filled = false } for empty cells, { filled = true } for all others

      × no number is from 3 to 1
        ╭─[pipelines/quarterly.toml:10:25]
     10 │ 上门次数 = { min = 3, max = 1 }
        ·                             ┬
        ·                             ╰── smaller than `min`
        ╰────
      help: the smaller one is `min`

      × unknown key `nto`
        ╭─[pipelines/quarterly.toml:11:12]
     11 │ 网点     = { nto = "测试" }
        ·              ─┬─
        ·               ╰── not known
        ╰────
      help: did you mean `not`?

      × `30.6.2026` is no date or time
        ╭─[pipelines/quarterly.toml:14:26]
     14 │ requested_at = { value = "30.6.2026" }
        ·                          ─────┬─────
        ·                               ╰── not understood
        ╰────
      help: write 2026-06-30 or "2026-06-30 17:30", or add a `format`

      × `@tab` is no column of every table
        ╭─[pipelines/quarterly.toml:15:16]
     15 │ branch       = "@tab"
        ·                ───┬──
        ·                   ╰── not known
        ╰────
      help: `@` begins the names of columns that every table has: `@file`, `@sheet` and `@row`

      × `score` is mapped without `dimension`
        ╭─[pipelines/quarterly.toml:22:1]
     22 │ score       = "得分"
        · ──┬──
        ·   ╰── half of an answer
        ╰────
      help: a survey with a row an answer has both: map `dimension`, too; where each dimension is a column,
            write overall = "their name for it" in [sources.surveys.dimensions] instead

      × nothing says when tickets were paused
        ╭─[pipelines/quarterly.toml:25:1]
     25 │ pauses = ["等待客户"]
        · ───┬──
        ·    ╰── no pauses known
        ╰────
      help: add [sources.pauses] with `files` and the columns ticket_id, paused_at, resumed_at and reason, or
            remove `pauses`: the clock then runs on

      × `a day` is no length of time
        ╭─[pipelines/quarterly.toml:28:17]
     28 │ survey_within = "a day"
        ·                 ───┬───
        ·                    ╰── not understood
        ╰────
      help: write "24h", "90m" or "3d", above zero and up to ten years; it is counted around the clock

      × unknown rule `unparsable` in [quality.rules]
        ╭─[pipelines/quarterly.toml:30:1]
     30 │ unparsable  = "warning"
        · ─────┬────
        ·      ╰── not known
        ╰────
      help: did you mean `unparseable`?

      × `missing_key` cannot be `off`
        ╭─[pipelines/quarterly.toml:31:15]
     31 │ missing_key = "off"
        ·               ──┬──
        ·                 ╰── not for this rule
        ╰────
      help: what cannot be used is never dropped without a word: write error

    14 mistakes in pipelines/quarterly.toml
    "#);
}
