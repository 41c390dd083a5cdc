//! A review finds what `fixtures/README.md` says was planted in the dumps.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, NaiveDateTime};

use crate::support::Cell;
use crate::support::reviewed::{Row, reviewed};

const Q3: &str = "2026Q3";

fn attainment(clock: &str, breakdown: &str, member: &str) -> Row<'static> {
    let key = [("period", Q3), ("clock", clock), ("breakdown", breakdown), ("member", member)];
    reviewed().table("tables/sla_attainment").row(&key)
}

fn score(dimension: &str, breakdown: &str, member: &str) -> Row<'static> {
    let key = [("period", Q3), ("dimension", dimension), ("breakdown", breakdown), ("member", member)];
    reviewed().table("tables/dimension_scores").row(&key)
}

#[test]
fn new_staff_are_found_weak_in_professionalism_and_in_nothing_else() {
    let effect = reviewed().table("tables/tenure_effect");
    let found = effect.row(&[("period", Q3), ("dimension", "professionalism")]);
    assert!(found.number("q") < 0.05);
    assert_eq!((found.text("lowest_band"), found.text("reference_band")), (Some("0-3m"), Some("3y+")));
    assert!((-0.7..-0.5).contains(&found.number("gap")), "{}", found.number("gap"));
    assert!(found.number("hedges_g") < -0.8);
    for dimension in ["attitude", "resolution", "process", "timeliness"] {
        let row = effect.row(&[("period", Q3), ("dimension", dimension)]);
        assert!(row.number("q") >= 0.05, "{dimension}: {}", row.number("q"));
    }
}

/// The table of the README, 0–3m: n and mean.
#[test]
fn scores_of_new_staff_are_those_that_were_planted() {
    for (dimension, n, mean) in [
        ("attitude", 258, 4.376),
        ("professionalism", 261, 3.663),
        ("resolution", 258, 4.217),
        ("process", 249, 4.297),
        ("timeliness", 259, 4.124),
        ("overall", 262, 4.145),
    ] {
        let row = score(dimension, "tenure_band", "0-3m");
        assert_eq!(row.int("n"), Some(n), "{dimension}");
        assert!((row.number("mean") - mean).abs() < 0.0005, "{dimension}: {}", row.number("mean"));
    }
}

#[test]
fn two_members_with_poor_manners_are_the_only_gaps() {
    let gaps = reviewed().table("tables/skill_gaps");
    let found: BTreeSet<_> = gaps
        .rows()
        .filter(|row| row.flag("is_gap"))
        .map(|row| (row.text("period").unwrap(), row.text("staff_id").unwrap(), row.text("dimension").unwrap()))
        .collect();
    assert_eq!(found, BTreeSet::from([(Q3, "S004", "attitude"), (Q3, "S024", "attitude")]));
    // They stand on top of their period, and one course serves both.
    let top: Vec<_> = gaps.having(&[("period", Q3)]).take(2).map(|row| row.text("staff_id")).collect();
    assert_eq!(top, [Some("S004"), Some("S024")]);
    let courses = reviewed().table("tables/training_groups");
    assert_eq!(courses.height(), 1);
    let course = courses.row(&[("period", Q3), ("dimension", "attitude")]);
    assert_eq!(
        (course.int("rank"), course.int("staff"), course.text("staff_ids")),
        (Some(1), Some(2), Some("S004;S024"))
    );
    let priorities: f64 = gaps.rows().filter(|row| row.flag("is_gap")).map(|row| row.number("priority")).sum();
    assert!((course.number("priority") - priorities).abs() < 1e-9);
}

#[test]
fn praise_in_a_burst_is_flagged_and_chance_does_not_explain_it() {
    let flags = reviewed().table("tables/survey_flags");
    let burst: Vec<_> = flags.having(&[("flag", "many_top")]).map(|row| row.text("staff_id")).collect();
    assert_eq!(burst, [Some("S033"); 6]);
    let integrity = reviewed().table("tables/integrity");
    let own = integrity.row(&[("flag", "many_top"), ("staff_id", "S033")]);
    assert_eq!(own.int("flagged"), Some(6));
    assert!(own.number("q") < 0.001 && own.number("difference") > 0.05, "{}", own.number("difference"));
    // Nobody else has more flags of a kind than chance explains.
    let odd: Vec<_> = integrity
        .rows()
        .filter(|row| row.double("q").is_some_and(|q| q < 0.05))
        .map(|row| row.text("staff_id"))
        .collect();
    assert!(odd.iter().all(|staff| *staff == Some("S033")), "{odd:?}");
}

#[test]
fn each_gap_has_its_ten_lowest_answers() {
    let evidence = reviewed().table("tables/training_evidence");
    let scores = reviewed().table("facts/fact_score");
    for staff in ["S004", "S024"] {
        let of = |row: &Row| row.text("staff_id") == Some(staff);
        let listed: Vec<f64> = evidence.rows().filter(of).map(|row| row.number("score")).collect();
        let mut all: Vec<f64> = scores
            .having(&[("period", Q3), ("staff_id", staff), ("dimension", "attitude")])
            .map(|row| row.number("score"))
            .collect();
        all.sort_by(f64::total_cmp);
        assert_eq!(listed, all[..10], "{staff}");
    }
    assert_eq!(evidence.height(), 20);
    assert!(evidence.rows().all(|row| row.number("score") < 4.0 && row.text("ticket_id").is_some()));
}

#[test]
fn the_defect_that_rises_and_repeats_is_ranked_first() {
    let ranking = reviewed().table("tables/defect_ranking");
    let usual = ("level", "product_model+fault_code");
    let of = |period| ranking.row(&[("period", period), ("product_model", "KX-300"), ("fault_code", "漏水"), usual]);
    let figures = ["tickets", "customers", "repeats"];
    for (period, wanted, standing) in [("2026Q1", [22, 21, 1], 22), ("2026Q2", [26, 25, 1], 14), (Q3, [82, 62, 20], 1)]
    {
        assert_eq!(figures.map(|f| of(period).int(f).unwrap()), wanted, "{period}");
        // The README gives defects with equal tickets one rank, the table orders them by name.
        let tickets = |row: &Row| row.int("tickets");
        let more =
            ranking.having(&[("period", period), usual]).filter(|row| tickets(row) > tickets(&of(period))).count();
        assert_eq!(more + 1, standing, "{period}");
    }
    let now = of(Q3);
    assert!(now.number("change_ratio") > 1.0 && now.number("change_q") < 0.05);
    assert_eq!((now.int("rank"), now.int("priority_rank")), (Some(1), Some(1)));
    // Nothing else rises.
    let rising = |row: &Row| row.double("change_q").is_some_and(|q| q < 0.05);
    assert_eq!(ranking.having(&[("period", Q3), usual]).filter(rising).count(), 1);
    let trends = reviewed().table("tables/defect_trend");
    let told = trends.having(&[("month", "2026-09")]).filter(|row| row.text("trend").is_some());
    let told = told.map(|row| (row.text("product_model"), row.text("fault_code"), row.text("trend")));
    assert_eq!(told.collect::<Vec<_>>(), [(Some("KX-300"), Some("漏水"), Some("rising"))]);
}

#[test]
fn the_repeats_of_that_defect_are_listed_one_by_one() {
    let listing = reviewed().table("tables/repeat_tickets");
    let listed: Vec<&str> = listing
        .having(&[("product_model", "KX-300"), ("fault_code", "漏水")])
        .map(|row| row.text("ticket_id").unwrap())
        .collect();
    let planted: Vec<String> =
        "0717018 0723004 0724029 0803021 0806016 0807029 0811051 0813048 0814006 0814022 0818029 \
        0819004 0821005 0821019 0821026 0825049 0828047 0901009 0917023 0917049"
            .split_whitespace()
            .map(|number| format!("SR2026{number}"))
            .collect();
    assert_eq!(listed, planted);
    assert_eq!(listing.height(), 43);
    for row in listing.rows() {
        let days = row.number("days_between");
        assert!((0.0..=30.0).contains(&days), "{:?}: {days}", row.text("ticket_id"));
        assert!(row.int("earlier_resolved_at") <= row.int("requested_at"));
    }
}

#[test]
fn the_branch_that_misses_resolution_targets_stands_out() {
    let branch = attainment("resolution", "branch", "西安分部");
    assert_eq!((branch.int("met"), branch.int("breached")), (Some(135), Some(229 - 135)));
    let branches = reviewed().table("tables/sla_attainment");
    let key = [("period", Q3), ("clock", "resolution"), ("breakdown", "branch")];
    let others: Vec<Row> = branches.having(&key).filter(|row| row.text("member") != branch.text("member")).collect();
    assert_eq!(others.len(), 9);
    for other in &others {
        assert!(branch.number("ci_high") < other.number("ci_low"), "{:?}", other.text("member"));
    }
    let share = others_share("resolution");
    assert!((share - 0.907).abs() < 0.0005, "{share}");
    assert!(branch.number("ci_high") < share);
}

#[test]
fn its_other_clocks_are_like_everybodys() {
    for clock in ["first_response", "start"] {
        let (branch, share) = (attainment(clock, "branch", "西安分部"), others_share(clock));
        assert!((branch.number("ci_low")..branch.number("ci_high")).contains(&share), "{clock}: {share}");
    }
}

/// Attainment of all branches but that one.
#[expect(clippy::cast_precision_loss, reason = "a few thousand tickets")]
fn others_share(clock: &str) -> f64 {
    let (all, branch) = (attainment(clock, "all", "all"), attainment(clock, "branch", "西安分部"));
    let rest = |column: &str| (all.int(column).unwrap() - branch.int(column).unwrap()) as f64;
    rest("met") / (rest("met") + rest("breached"))
}

#[test]
fn attainment_by_quarter_is_what_was_planted() {
    for (clock, wanted) in [
        ("resolution", [(2536, 2905), (2548, 2914), (2719, 3078)]),
        ("first_response", [(2628, 2911), (2633, 2923), (2833, 3140)]),
        ("start", [(2491, 2764), (2482, 2753), (2652, 2959)]),
        ("survey_return", [(674, 1240), (663, 1238), (715, 1319)]),
        ("suggestion_reply", [(82, 112), (114, 145), (125, 159)]),
    ] {
        for (period, (met, judged)) in ["2026Q1", "2026Q2", Q3].into_iter().zip(wanted) {
            let key = [("period", period), ("clock", clock), ("breakdown", "all")];
            let row = reviewed().table("tables/sla_attainment").row(&key);
            assert_eq!((row.int("met"), row.int("breached")), (Some(met), Some(judged - met)), "{clock} {period}");
        }
    }
}

#[test]
fn staff_with_few_answers_are_kept_without_figures() {
    let table = reviewed().table("tables/dimension_scores");
    let figures = ["mean", "sd", "ci_low", "ci_high", "satisfied_share", "shrunk_mean", "change", "change_q"];
    for row in table.rows() {
        let few = row.int("n").unwrap() < 5;
        assert_eq!(row.flag("suppressed"), few);
        assert_eq!(matches!(row.cell("mean"), Cell::Null), few);
        assert!(!few || figures.iter().all(|f| matches!(row.cell(f), Cell::Null)), "{:?}", row.text("member"));
    }
    let key = [("period", Q3), ("breakdown", "staff"), ("dimension", "overall")];
    let suppressed: Vec<(&str, i64)> = table
        .having(&key)
        .filter(|row| row.flag("suppressed") && row.text("member") != Some("(none)"))
        .map(|row| (row.text("member").unwrap(), row.int("n").unwrap()))
        .collect();
    assert_eq!(suppressed, [("S001", 1), ("S025", 2)]);
    let members: BTreeSet<&str> = table.having(&key).map(|row| row.text("member").unwrap()).collect();
    assert!(!members.contains("S009") && !members.contains("S034") && members.len() == 39, "{members:?}");
}

/// Ticket, clock, seconds used (none while open), outcome, and when it was due. A clock is `first` or `resolution`.
const TICKETS: &str = "
    SR20260213901 first      19800 breached 02-14 09:30
    SR20260213902 resolution 57600 met      02-25 15:00
    SR20260213903 resolution 57600 met      02-24 15:00
    SR20260213904 resolution 57601 breached 02-24 15:00
    SR20260213905 first       7200 met      02-13 17:30
    SR20260214901 first       5400 met      02-24 10:00
    SR20260214902 first      12600 breached 02-14 12:00
    SR20260217901 first       6300 met      02-24 10:30
    SR20260218901 first          0 met      02-24 10:30
    SR20260218901 resolution 86400 met      02-26 17:30
    SR20260225901 resolution 88200 breached 02-28 16:30
    SR20260227901 first       8400 breached 02-28 10:10
    SR20260919901 first       5400 met      09-20 10:30
    SR20260920901 first       9000 breached 09-20 11:00
    SR20260920902 first       5400 met      09-20 15:30
    SR20260920902 resolution 73800 met      09-23 13:30
    SR20260920903 resolution 88200 breached 09-22 17:30
    SR20260920904 first       2100 met      09-20 13:45
    SR20260920904 resolution 54900 met      09-22 11:45
    SR20260924901 first       6300 met      09-28 10:00
    SR20260810901 resolution 79200 met      08-14 17:00
    SR20260814901 resolution 91800 breached 08-19 14:00
    SR20260817901 resolution 72000 met      08-25 09:00
    SR20260819901 resolution 50400 breached 08-20 12:00
    SR20260822901 first       5400 met      08-23 09:00
    SR20260822901 resolution 18000 met      08-23 15:00
    SR20260922901 resolution     - breached 09-30 13:30
    SR20260925901 first       9000 breached 09-25 12:00
    SR20260925901 resolution 27000 met      09-25 18:00
    SR20260930901 first          - running  10-08 09:30
    SR20260930902 first          - breached 09-30 11:00
    SR20260930903 resolution     - running  10-10 11:30
";

#[test]
fn tickets_added_up_by_hand_have_their_time_outcome_and_due_moment() {
    let tickets = reviewed().table("facts/fact_ticket");
    let mut counted = 0;
    for line in TICKETS.lines().filter(|line| !line.trim().is_empty()) {
        let [ticket, clock, seconds, outcome, day, time] = line.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let clock = if clock == "first" { "first_response" } else { clock };
        let due = NaiveDateTime::parse_from_str(&format!("2026-{day} {time}"), "%Y-%m-%d %H:%M").unwrap();
        let row = tickets.row(&[("ticket_id", ticket)]);
        assert_eq!(row.int(&format!("{clock}_seconds")), seconds.parse().ok(), "seconds: {line}");
        assert_eq!(row.text(&format!("{clock}_outcome")), Some(outcome), "outcome: {line}");
        assert_eq!(row.int(&format!("{clock}_due_at")), Some(due.and_utc().timestamp_micros()), "due: {line}");
        counted += 1;
    }
    assert_eq!(counted, 23 + 9);
}

#[test]
fn pauses_reopenings_and_promises_are_what_was_added_up_by_hand() {
    let tickets = reviewed().table("facts/fact_ticket");
    for (ticket, calendar, policy, paused, over) in [
        ("SR20260810901", "default", "一般工单", 15 * 3600, None),
        ("SR20260814901", "default", "一般工单", 0, Some(5400)),
        ("SR20260817901", "default", "一般工单", 23 * 3600, None),
        ("SR20260819901", "default", "promised", 0, Some(4 * 3600)),
        ("SR20260822901", "热线", "技术咨询", 0, None),
        ("SR20260922901", "default", "一般工单", 70_200, Some(4 * 3600)),
    ] {
        let row = tickets.row(&[("ticket_id", ticket)]);
        assert_eq!((row.text("calendar"), row.text("resolution_policy")), (Some(calendar), Some(policy)), "{ticket}");
        assert_eq!(row.int("resolution_paused_seconds"), Some(paused), "{ticket}");
        assert_eq!(row.int("resolution_over_seconds"), over, "{ticket}");
    }
}

#[test]
fn answers_and_replies_are_what_was_added_up_by_hand() {
    let surveys = reviewed().table("facts/fact_survey");
    for (survey, returned, replied, outcome, percent) in
        [("P80001", 68_400, 49 * 3600, "breached", 103), ("P80002", 75_600, 163_800, "met", 100)]
    {
        let row = surveys.row(&[("survey_id", survey)]);
        assert_eq!(
            (row.int("survey_return_seconds"), row.text("survey_return_outcome")),
            (Some(returned), Some("met"))
        );
        assert_eq!(row.int("suggestion_reply_seconds"), Some(replied), "{survey}");
        assert_eq!(row.text("suggestion_reply_outcome"), Some(outcome), "{survey}");
        assert_eq!(row.int("suggestion_reply_used_percent"), Some(percent), "{survey}");
    }
}

#[test]
fn vip_repairs_have_targets_of_their_own() {
    let tickets = reviewed().table("facts/fact_ticket");
    for (ticket, first, start, resolution) in [
        ("SR20260213903", 3600, None, 16 * 3600),
        ("SR20260920904", 3600, None, 16 * 3600),
        ("SR20260213902", 7200, Some(8 * 3600), 24 * 3600),
    ] {
        let row = tickets.row(&[("ticket_id", ticket)]);
        assert_eq!(row.int("first_response_target_seconds"), Some(first), "{ticket}");
        assert_eq!(row.int("start_target_seconds"), start, "{ticket}");
        assert_eq!(row.text("start_outcome") == Some("no_target"), start.is_none(), "{ticket}");
        assert_eq!(row.int("resolution_target_seconds"), Some(resolution), "{ticket}");
    }
}

fn date(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// Holidays and make-up workdays of the reviewed months, as the README names them and the State Council announced them.
#[test]
fn spring_festival_is_closed_and_make_up_days_are_worked() {
    let days = |month: u32, range: std::ops::RangeInclusive<u32>| range.map(move |day| date(month, day));
    let holidays: Vec<NaiveDate> = days(1, 1..=3)
        .chain(days(2, 15..=23))
        .chain(days(4, 4..=6))
        .chain(days(5, 1..=5))
        .chain(days(6, 19..=21))
        .chain(days(9, 25..=27))
        .collect();
    let make_up = [date(1, 4), date(2, 14), date(2, 28), date(5, 9), date(9, 20)];
    let mut today = date(1, 1);
    for row in reviewed().table("facts/dim_date").rows() {
        let number = today.signed_duration_since(NaiveDate::default()).num_days();
        assert_eq!(row.int("date"), Some(number), "{today}");
        let weekday = today.weekday().number_from_monday() <= 5;
        let worked = make_up.contains(&today) || (weekday && !holidays.contains(&today));
        assert_eq!(row.flag("is_holiday"), holidays.contains(&today), "{today}");
        assert_eq!(row.flag("is_makeup"), make_up.contains(&today), "{today}");
        assert_eq!(row.flag("is_workday"), worked, "{today}");
        assert_eq!(row.int("working_seconds"), Some(if worked { 8 * 3600 } else { 0 }), "{today}");
        today = today.succ_opt().unwrap();
    }
    assert_eq!(today, date(10, 1));
}
