//! The calendar that was agreed for a ticket decides what is working time for it.

use super::{reviewed, tickets};

const RESOLUTION: [&str; 5] =
    ["ticket_id", "calendar", "resolution_seconds", "resolution_due_at", "resolution_outcome"];

#[test]
fn the_first_calendar_whose_conditions_hold() {
    let dump = "ticket_id,requested_at,resolved_at,region,customer_tier\n\
                A,2026-07-03 16:00,2026-07-04 10:00,北京,VIP\n\
                B,2026-07-03 16:00,2026-07-04 10:00,天津,普通\n\
                C,2026-07-03 16:00,2026-07-06 10:00,上海,普通\n\
                D,2026-07-03 16:00,2026-07-04 10:00,,\n";
    // `default` is tried last, wherever it stands.
    let rest = "[calendars.default]\nweekly = { mon-fri = \"08:30-17:30\" }\n\
                [calendars.\"VIP 24h\"]\nwhen = { customer_tier = \"VIP\" }\nweekly = \"always\"\n\
                [calendars.北方]\nwhen = { region = [\"北京\", \"天津\"] }\nweekly = { daily = \"08:00-20:00\" }\n\
                [[sla]]\nresolution = \"4h\"\n";
    assert_eq!(
        tickets(&reviewed(&[("tickets", "", dump)], rest), &RESOLUTION),
        [
            // Friday 16:00 to Saturday 10:00 is 18 h; the region would fit the second calendar as well.
            "A|VIP 24h|64800|2026-07-03 20:00:00|breached",
            // 4 h on Friday, which fill the target at closing, and 2 h on Saturday.
            "B|北方|21600|2026-07-03 20:00:00|breached",
            // 1.5 h on Friday and 1.5 h on Monday; the other 2.5 h of the target end on Monday at 11:00.
            "C|default|10800|2026-07-06 11:00:00|met",
            // 1.5 h on Friday, nothing on Saturday.
            "D|default|5400|2026-07-06 11:00:00|met",
        ]
    );
}

#[test]
fn a_night_shift_belongs_to_the_day_on_which_it_began() {
    let dump = "ticket_id,requested_at,resolved_at\n\
                A,2026-07-03 23:00,2026-07-04 05:00\n\
                B,2026-07-04 07:00,2026-07-06 23:30\n\
                C,2026-07-04 03:00,2026-07-04 08:00\n\
                D,2026-07-05 03:00,2026-07-08 03:00\n";
    let rest = "[calendars.default]\nweekly = { mon-fri = \"22:00-06:00\" }\n[[sla]]\nresolution = \"1d\"\n";
    assert_eq!(
        tickets(&reviewed(&[("tickets", "", dump)], rest), &RESOLUTION),
        [
            // 6 h of Friday's shift; a working day later is Monday at 23:00.
            "A|default|21600|2026-07-06 23:00:00|met",
            // After Friday's shift nothing opens until Monday 22:00: 1.5 h; the day after, at the opening.
            "B|default|5400|2026-07-07 22:00:00|met",
            // Saturday 03:00 is Friday's shift: 3 h; due at 03:00 of Monday's shift.
            "C|default|10800|2026-07-07 03:00:00|met",
            // Sunday has no shift: counts from Monday 22:00; 8 h, and 5 h up to Wednesday 03:00.
            "D|default|46800|2026-07-07 22:00:00|breached",
        ]
    );
}

#[test]
fn single_dates_beat_holidays_and_make_up_days_have_the_hours_of_the_day_they_name() {
    let dump = "ticket_id,requested_at,resolved_at\n\
                A,2026-09-30 10:00,2026-10-10 09:00\n\
                B,2026-07-14 16:00,2026-07-16 09:30\n\
                C,2026-07-17 17:00,2026-07-18 23:30\n\
                D,2026-07-20 11:30,2026-07-21 13:30\n\
                E,2026-09-30 10:00,2026-10-03 12:00\n";
    let rest = "[calendars.default]\nweekly = { mon = \"07:00-12:00\", tue-fri = \"08:30-12:00 13:00-17:30\" }\nholidays = \"cn\"\n\
                dates = { \"2026-09-30\" = \"08:30-12:00\", \"2026-07-15\" = \"closed\", \"2026-07-18\" = \"09:00-24:00\", \
                \"2026-10-02\" = \"10:00-11:00\" }\n";
    let tiny = super::desk("as_of = \"2026-10-31\"", &[("tickets", "", dump)], rest);
    assert_eq!(
        tickets(&tiny.review(), &["ticket_id", "resolution_seconds", "resolution_outcome"]),
        [
            // Half a day 2 h, one hour in the holidays, 8 and 9 October 8 h each, Saturday the 10th as a Monday 07:00–09:00.
            "A|75600|no_target",
            // Tuesday 1.5 h, Wednesday closed for once, Thursday 1 h.
            "B|9000|no_target",
            // Friday 0.5 h, a Saturday opened for once 14.5 h.
            "C|54000|no_target",
            // Monday closes at noon 0.5 h; Tuesday 3.5 h and 0.5 h after lunch.
            "D|16200|no_target",
            // Half a day 2 h and the one hour in the holidays.
            "E|10800|no_target",
        ]
    );
}

#[test]
fn a_calendar_file_closes_its_days_and_opens_its_make_up_days() {
    let events = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n\
                  BEGIN:VEVENT\r\nSUMMARY:厂庆\r\nDTSTART;VALUE=DATE:20260710\r\nDTEND;VALUE=DATE:20260711\r\nEND:VEVENT\r\n\
                  BEGIN:VEVENT\r\nSUMMARY:厂庆（班）\r\nDTSTART;VALUE=DATE:20260711\r\nDTEND;VALUE=DATE:20260712\r\nEND:VEVENT\r\n\
                  END:VCALENDAR\r\n";
    let dump = "ticket_id,requested_at,resolved_at\n\
                A,2026-07-09 16:30,2026-07-11 11:00\n\
                B,2026-07-10 09:00,2026-07-13 10:00\n\
                C,2026-07-09 09:00,2026-07-09 10:00\n";
    let rest = "[calendars.default]\nweekly = { mon = \"09:00-12:00\", tue-fri = \"08:30-17:30\" }\nholidays = \"company.ics\"\n";
    let tiny = super::desk("", &[("tickets", "", dump)], rest);
    tiny.desk.write("pipelines/company.ics", events.as_bytes());
    let review = tiny.review();
    assert_eq!(
        tickets(&review, &["ticket_id", "resolution_seconds"]),
        [
            // Thursday 1 h, Friday closed, Saturday with the hours of Monday 09:00–11:00.
            "A|10800", // Friday closed, Saturday 3 h, Monday 1 h.
            "B|14400", // Other days are as ever.
            "C|3600",
        ]
    );
    let days = review.rows("facts/dim_date", &["date", "is_workday", "is_holiday", "is_makeup", "working_seconds"]);
    // 10 and 11 July are the 191st and 192nd day of 2026; the year began 20,454 days after 1970-01-01.
    assert!(days.contains(&"20644|false|true|false|0".to_owned()), "{days:?}");
    assert!(days.contains(&"20645|true|false|true|10800".to_owned()), "{days:?}");
}
