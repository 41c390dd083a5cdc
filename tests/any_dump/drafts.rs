//! `init` drafts a pipeline from dumps, which runs as it is.

use super::parts;
use crate::support::{Ran, Tiny};

/// A desk without a pipeline, but with these dumps.
fn desk(dumps: &[(&str, &[u8])]) -> Tiny {
    let tiny = Tiny::whole("");
    for (name, bytes) in dumps {
        tiny.put(name, bytes);
    }
    tiny
}

fn init(tiny: &Tiny, more: &[&str]) -> Ran {
    let files: Vec<String> = tiny.desk.names("dumps").iter().map(|name| format!("dumps/{name}")).collect();
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    tiny.desk.run(&[&["init"], &files[..], more].concat())
}

/// Drafts, checks and runs.
#[track_caller]
fn drafted(dumps: &[(&str, &[u8])]) -> (Tiny, String) {
    let tiny = desk(dumps);
    init(&tiny, &["-o", "pipelines/p.toml", "--force"]).done();
    let draft = String::from_utf8(tiny.desk.read("pipelines/p.toml")).unwrap();
    for ran in [tiny.check(), tiny.run()] {
        assert_eq!(ran.code, Some(0), "{}\n{}\n{draft}", ran.stderr, ran.stdout);
    }
    (tiny, draft)
}

/// Tickets of the draft's review.
fn used(tiny: &Tiny) -> usize {
    tiny.desk.output("current").table("facts/fact_ticket").height()
}

#[test]
fn drafts_of_small_dumps_run() {
    let table = parts::table();
    let book = parts::laid_out(&table);
    let (tiny, draft) = drafted(&[("客服.xlsx", &book)]);
    assert!(draft.contains("requested_at") && draft.contains("\"报修时间\""), "{draft}");
    assert_eq!(used(&tiny), 12);

    let gbk = parts::encoded(&parts::text(&table, '\t', "\r\n"))[3].1.clone();
    let (tiny, _) = drafted(&[("工单.txt", &gbk)]);
    assert_eq!(used(&tiny), 12);
}

#[test]
fn tickets_surveys_and_staff_are_told_apart() {
    let tickets: String =
        (1..=12).map(|i| format!("SR{i:03},2026-07-{i:02} 08:30,2026-07-{:02} 09:00,E{}\n", i + 1, i % 3)).collect();
    let surveys: String =
        (1..=12).map(|i| format!("P{i},SR{i:03},2026-07-{:02} 18:00,{},{}\n", i + 1, i % 5 + 1, 5 - i % 5)).collect();
    let tickets = format!("工单号,报修时间,完成时间,员工编号\n{tickets}");
    let surveys = format!("评价编号,工单号,评价时间,服务态度,总体满意度\n{surveys}");
    let staff = "员工编号,姓名,班组,入职日期\nE0,王,一组,2020-01-01\nE1,李,一组,2025-06-01\nE2,张,二组,2026-05-01\n";
    let (tiny, draft) = drafted(&[
        ("tickets.csv", tickets.as_bytes()),
        ("surveys.csv", surveys.as_bytes()),
        ("staff.csv", staff.as_bytes()),
    ]);
    for line in ["[sources.tickets]", "[sources.surveys]", "[sources.staff]", "hired_on"] {
        assert!(draft.contains(line), "no {line} in\n{draft}");
    }
    assert_eq!(used(&tiny), 12);
    let output = tiny.desk.output("current");
    assert_eq!((output.table("facts/fact_survey").height(), output.table("facts/dim_staff").height()), (12, 3));
}

#[test]
fn a_pipeline_that_is_there_is_only_replaced_on_demand() {
    let text = parts::text(&parts::table(), ',', "\n");
    let tiny = desk(&[("a.csv", text.as_bytes())]);
    tiny.desk.write("pipelines/p.toml", b"# mine\n");
    let ran = init(&tiny, &["-o", "pipelines/p.toml"]);
    ran.assert_refused(6, &["pipelines/p.toml", "--force"]);
    assert_eq!(tiny.desk.read("pipelines/p.toml"), b"# mine\n");
    init(&tiny, &["-o", "pipelines/p.toml", "--force"]).done();
    let written = String::from_utf8(tiny.desk.read("pipelines/p.toml")).unwrap();
    assert!(written.contains("[sources.tickets]"), "{written}");
    let shown = init(&tiny, &[]).done();
    assert!(shown.stdout.contains("[sources.tickets]") && shown.stderr.is_empty(), "{}", shown.stdout);
}

#[test]
fn what_cannot_be_recognised_is_4() {
    let tiny = desk(&[("a.csv", b"x,y\n1,2\n3,4\n")]);
    let ran = init(&tiny, &["-o", "pipelines/new.toml"]);
    ran.assert_refused(4, &["a.csv"]);
    assert!(!tiny.desk.path("pipelines/new.toml").exists());
    desk(&[("a.csv", b"")])
        .desk
        .run(&["init", "dumps/none.csv"])
        .assert_refused(4, &["dumps/none.csv", "no such file"]);
}
