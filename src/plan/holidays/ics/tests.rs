//! Tests of calendar files in the forms that programs give them.

use std::path::Path;

use chrono::Weekday;

use super::parse;
use crate::plan::PlanErrors;
use crate::plan::holidays::List;
use crate::plan::testing::lines;

fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\n{lines}\nEND:VEVENT\n")
}

fn calendar(events: &str) -> String {
    format!("BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n")
}

fn list(text: &str, years: Option<(i32, i32)>) -> List {
    let (list, found) = parse(text, Path::new("c.ics"), "c.ics", years.map(|(first, last)| first..=last));
    assert!(found.is_empty(), "{:?}", lines(&found));
    list.unwrap()
}

fn mistakes(text: &str) -> Vec<String> {
    let found = parse(text, Path::new("c.ics"), "c.ics", None).1;
    if found.is_empty() { Vec::new() } else { lines(PlanErrors::new(found).problems()) }
}

/// Days off as `0501`, then days worked as `0509 Mon`.
fn days(list: &List) -> String {
    let off = list.closed.iter().map(|date| date.format("%m%d").to_string());
    let worked = list.makeup.iter().map(|(date, day)| format!("{} {}", date.format("%m%d"), day.hours_of));
    off.chain(worked).collect::<Vec<_>>().join(", ")
}

/// As Apple publishes China's holidays: marked days among festivals and solar terms that are worked.
const APPLE: &str = "\u{feff}BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nVERSION:2.0\r\nX-WR-CALNAME:中国大陆节假日\r\n\
    X-APPLE-LANGUAGE:zh\r\nX-APPLE-REGION:CN\r\n\
    BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260204\r\nSUMMARY;LANGUAGE=zh_CN:立春\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nCLASS:PUBLIC\r\nUID:1\r\nTRANSP:TRANSPARENT\r\nSUMMARY;LANGUAGE=zh_CN:劳动\r\n 节（休）\r\n\
    DTSTART;VALUE=DATE:20260501\r\nDTEND;VALUE=DATE:20260506\r\nDTSTAMP:20251104T060000Z\r\n\
    X-APPLE-SPECIAL-DAY:WORK-HOLIDAY\r\nX-APPLE-UNIVERSAL-ID:aaa\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260509\r\nSUMMARY;LANGUAGE=zh_CN:劳动节（班）\r\n\
    X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270206\r\nSUMMARY;LANGUAGE=zh_CN:春节\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

#[test]
fn apple_marks_holidays_and_makeup_workdays() {
    let list = list(APPLE, None);
    assert_eq!(days(&list), "0501, 0502, 0503, 0504, 0505, 0509 Mon");
    // The festival of 2027 is not its official holiday.
    assert_eq!(list.years, 2026..=2026);
}

#[test]
fn google_tells_observances_from_public_holidays() {
    let day = |month_day: &str, name: &str, description: &str| {
        event(&format!("DTSTART;VALUE=DATE:2025{month_day}\nSUMMARY:{name}\nDESCRIPTION:{description}"))
    };
    let text = calendar(
        &[
            day("1001", "国庆节", "公众假期"),
            day("0308", "妇女节", "纪念日\\n如要隐藏纪念日，请前往 Goo\n gle 日历设置"),
            day("1031", "Halloween", "Observance\\nTo hide observances\\, go to Google Calendar Settings"),
            day("1224", "Heiligabend", "Gedenktag\\nÖffne die Google Kalender-Einstellungen"),
            day("0928", "国庆节 补班", "公众假期"),
        ]
        .concat(),
    );
    assert_eq!(days(&list(&text, None)), "1001, 0928 Mon");
}

#[test]
fn outlook_writes_midnights_of_its_own_zone() {
    let zone = "BEGIN:VTIMEZONE\nTZID:China Standard Time\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0800\n\
                TZOFFSETTO:+0800\nRRULE:FREQ=DAILY\nEND:STANDARD\nEND:VTIMEZONE\n";
    let stay = "DTSTART;TZID=\"China Standard Time\":20260810T000000\nDTEND;TZID=\"China Standard Time\":20260812T000000\n\
                SUMMARY:停工; 检修\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE\nBEGIN:VALARM\nTRIGGER:-PT15M\nACTION:DISPLAY\n\
                DTSTART:20260810T090000\nEND:VALARM";
    assert_eq!(days(&list(&calendar(&format!("{zone}{}", event(stay))), None)), "0810, 0811");
}

#[test]
fn lengths_and_marks_in_every_form() {
    for (event_lines, expected) in [
        ("DTSTART:20260801", "0801"),
        ("DTSTART;VALUE=DATE:20260801\nDTEND;VALUE=DATE:20260801", "0801"),
        ("DTSTART;VALUE=DATE:20260801\nDTEND;VALUE=DATE:20260804", "0801, 0802, 0803"),
        ("DTSTART;VALUE=DATE:20260801\nDURATION:P2D", "0801, 0802"),
        ("DTSTART:20260801T000000\nDURATION:PT24H", "0801"),
        ("dtstart;value=date:20260801\nsummary:公司休", "0801"),
        ("DTSTART:20260801\nSUMMARY:国庆节(班)", "0801 Mon"),
        ("DTSTART:20260805\nSUMMARY:春节 补班 第1天/共2天", "0805 Wed"),
        ("DTSTART:20260801\nSUMMARY:班｜中秋", "0801 Mon"),
        ("DTSTART:20260801\nSUMMARY:元旦调休上班", "0801 Mon"),
        ("DTSTART:20260801\nSUMMARY:春节 不上班", "0801"),
        ("DTSTART:20260801\nX-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY", "0801 Mon"),
        ("DTSTART:20260801\nRRULE:FREQ=YEARLY;COUNT=1", "0801"),
        ("DTSTART:20260801\nTRANSP:OPAQUE\nSTATUS:TENTATIVE", "0801"),
    ] {
        assert_eq!(days(&list(&calendar(&event(event_lines)), Some((2026, 2026)))), expected, "{event_lines}");
    }
}

#[test]
fn yearly_events_are_expanded_over_the_years() {
    let text = calendar(
        &[
            event("DTSTART:20191128\nDTEND:20191130\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH"),
            event("DTSTART:20201231\nDTEND:20210102\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20241231,20231231"),
            event("SUMMARY:旧\nDTSTART:20200301\nRRULE:FREQ=YEARLY;UNTIL=20240301"),
        ]
        .concat(),
    );
    let list = list(&text, Some((2024, 2026)));
    let dates: Vec<String> = list.closed.iter().map(ToString::to_string).collect();
    assert_eq!(
        dates,
        [
            "2024-03-01",
            "2024-11-28",
            "2024-11-29",
            "2025-11-27",
            "2025-11-28",
            "2025-12-31",
            "2026-01-01",
            "2026-11-26",
            "2026-11-27",
            "2026-12-31",
        ]
    );
}

#[test]
fn years_reach_from_the_first_to_the_last_event_of_their_own() {
    let days = |days: &[(&str, &str)]| {
        let events = days.iter().map(|(from, to)| event(&format!("DTSTART:{from}\nDTEND:{to}"))).collect::<String>();
        list(&calendar(&events), None).years
    };
    assert_eq!(days(&[("20251001", "20251008"), ("20240501", "20240502")]), 2024..=2025);
    // Holidays over the new year do not tell the other year.
    assert_eq!(days(&[("20241230", "20250102"), ("20250501", "20250502"), ("20251231", "20260103")]), 2025..=2025);
    assert_eq!(days(&[("20241230", "20250102")]), 2024..=2025);
}

#[test]
fn what_is_not_read_is_told_with_its_line() {
    for (event_lines, mistake) in [
        ("SUMMARY:春节", "3: `春节` has no DTSTART"),
        ("SUMMARY:例会\nDTSTART:20260801T090000Z", "5: `例会` has a time of day"),
        ("DTSTART:20260801T000000Z\nDTEND:20260802T000000Z", "4: `the event` has a time of day"),
        ("DTSTART:20260801\nDTEND:20260731", "5: `the event` lasts no whole day"),
        ("DTSTART:20260801T000000", "4: `the event` lasts no whole day"),
        ("DTSTART:20260801\nDURATION:PT8H", "5: `the event` lasts no whole day"),
        ("DTSTART:20260801\nDTEND:20620801", "5: `the event` lasts 13149 days"),
        ("DTSTART:20260230", "4: `the event` has a day that is not understood: `20260230`"),
        ("DTSTART:20260801\nDTSTART:20260802", "5: `the event` has two lines `DTSTART`"),
        ("DTSTART:20260801\nRDATE:20260802", "5: `the event` has RDATE, which is not read"),
        ("DTSTART:20260801\nRECURRENCE-ID:20260802\nSTATUS:CANCELLED", "5: `the event` changes one event of a series"),
        (
            "SUMMARY:例会\nDTSTART:20260801\nRRULE:FREQ=WEEKLY",
            "6: `例会` recurs by a rule that is not read: `FREQ=WEEKLY`",
        ),
        ("DTSTART:20260801\nEXDATE:明天", "5: `the event` has a day that is not understood: `明天`"),
        ("DTSTART:20260801\n换行的说明", "5: this line of an event is not understood"),
    ] {
        let found = mistakes(&calendar(&event(event_lines)));
        let messages: Vec<&str> = found.iter().filter_map(|line| Some(line.split_once(" | ")?.0)).collect();
        assert_eq!(messages, [mistake], "{event_lines}");
        // Each says what to do, too.
        assert!(!found[0].ends_with(" | "), "{found:?}");
    }
    let thanks = "SUMMARY:感恩节\nDTSTART:20261125\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH";
    let thanks = calendar(&(event("DTSTART:20260801") + &event(thanks)));
    assert_eq!(
        mistakes(&thanks),
        [
            "9: `感恩节` begins on 2026-11-25, which its own rule does not give | let it begin on the first day of the rule"
        ]
    );
}

#[test]
fn a_file_must_be_whole_and_say_something() {
    let damaged = "export the calendar again, or fetch the whole file";
    let years = "write { file = \"company.ics\", years = [2024, 2026] }, with the file's own name and years";
    let day = event("SUMMARY:元旦\nDTSTART:20260101");
    for (text, mistake) in [
        (String::new(), format!("c.ics is no calendar file: it has no line `BEGIN:VCALENDAR` | {damaged}")),
        ("<html>\n404\n".to_owned(), format!("c.ics is no calendar file: it has no line `BEGIN:VCALENDAR` | {damaged}")),
        (
            calendar(&day).replace("END:VCALENDAR\n", ""),
            format!("1: the file ends before `END:VCALENDAR` | {damaged}"),
        ),
        (format!("BEGIN:VCALENDAR\n{}", &day[..20]), format!("2: the file ends before `END:VEVENT` | {damaged}")),
        (calendar("END:VEVENT\n"), format!("3: `END:VEVENT` ends nothing that has begun | {damaged}")),
        (
            calendar(""),
            "c.ics has no all-day event that is a holiday | export the calendar that has the public holidays: all-day events"
                .to_owned(),
        ),
        (
            calendar(&event("DTSTART:20260101\nSTATUS:CANCELLED")),
            "c.ics has no all-day event that is a holiday | export the calendar that has the public holidays: all-day events"
                .to_owned(),
        ),
        (
            calendar(&event("SUMMARY:元旦\nDTSTART:20200101\nRRULE:FREQ=YEARLY")),
            format!("3: all events recur, so the file does not tell the years for which it is complete | {years}"),
        ),
        (
            calendar(&(day.clone() + &event("SUMMARY:元旦（班）\nDTSTART:20260101"))),
            "7: 2026-01-01 is both worked (`元旦（班）`) and off (`元旦`) | remove one of the two events".to_owned(),
        ),
    ] {
        assert_eq!(mistakes(&text), [mistake], "{text}");
    }
}

#[test]
fn two_calendars_in_one_file_and_blank_lines_are_fine() {
    let text =
        format!("\r\n  \r\n{}\r\n{}", calendar(&event("DTSTART:20260101")), calendar(&event("DTSTART:20260102")));
    let list = list(&text, None);
    assert_eq!(days(&list), "0101, 0102");
    assert!(list.makeup.values().all(|day| day.hours_of == Weekday::Mon));
}

#[test]
fn no_text_makes_it_panic() {
    let bits =
        ["\n", ":", ";", "=", "\"", ",", "T", "Z", "9999", "-", " ", "BEGIN:", "END:", "RRULE:FREQ=YEARLY", "节", "\r"];
    let example = APPLE.to_owned()
        + &calendar(&event("DTSTART:20200101\nDURATION:P1D\nRRULE:FREQ=YEARLY;COUNT=9;BYDAY=-1MO\nEXDATE:20210101"));
    let letters: Vec<char> = example.chars().collect();
    let (mut random, mut found) = (1_u64, 0);
    let mut below = |limit: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(random >> 33).unwrap() % limit
    };
    for _ in 0..2000 {
        let at = below(letters.len());
        let after = (at + below(6)).min(letters.len());
        let text: String = letters[..at].iter().chain(&letters[after..]).collect();
        let place = text.char_indices().nth(below(letters.len() - 6)).unwrap().0;
        let text = format!("{}{}{}", &text[..place], bits[below(bits.len())], &text[place..]);
        found += usize::from(!mistakes(&text).is_empty());
    }
    // Else the texts were too tame to try anything.
    assert!(found > 500, "{found}");
}
