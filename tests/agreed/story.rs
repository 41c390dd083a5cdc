//! The story of a ticket tells how its figures came about, in words that a customer could be shown.

use super::desk;
use crate::support::Tiny;

const TICKETS: &str =
    "ticket_id,requested_at,first_response_at,started_at,resolved_at,status,service_type,customer_name
SR20260900001,2026-09-29 16:00,2026-09-29 16:30,2026-09-30 09:00,2026-10-09 11:00,已解决,维修服务,张三
SR20260900002,2026-09-29 16:00,,,never,已解决,维修服务,李四
SR20260900003,2026-09-29 16:00,2026-09-29 16:30,,,处理中,维修服务,王五
X7,2026-09-29 16:00,2026-09-29 16:30,2026-09-29 16:40,2026-09-29 17:00,已解决,技术咨询,赵六
";
const PAUSES: &str =
    "ticket_id,paused_at,resumed_at,reason\nSR20260900001,2026-09-30 10:00,2026-10-08 10:00,等待备件\n";

/// Open on the last day of September until noon, and after the holidays.
fn told(language: &str) -> Tiny {
    let rest = "[calendars.default]\nweekly = { mon-fri = \"08:30-12:00 13:00-17:30\" }\nholidays = \"cn\"\n\
                dates = { \"2026-09-30\" = \"08:30-12:00\" }\n[clocks.resolution]\npauses = [\"等待备件\"]\n\
                [[sla]]\nname = \"维修\"\nwhen = { service_type = \"维修服务\" }\nfirst_response = \"1h\"\nresolution = \"8h\"\n\
                [quality]\ntolerate = 0.5\n";
    let tiny = desk("as_of = \"2026-10-31\"", &[("tickets", "", TICKETS), ("pauses", "", PAUSES)], rest);
    tiny.desk.edit("pipelines/p.toml", "language = \"en\"", &format!("language = \"{language}\""));
    tiny
}

fn story(language: &str, ticket: &str) -> String {
    told(language).desk.run(&["--quiet", "explain", "ticket", ticket, "pipelines/p.toml"]).done().stdout
}

#[test]
fn in_english() {
    insta::assert_snapshot!(story("en", "SR20260900001"), @r#"
    Ticket SR20260900001
    As of the end of Sat 2026-10-31

      Status        已解决
      Service type  维修服务

    What happened
      Tue 2026-09-29 16:00  Requested
      Tue 2026-09-29 16:30  First response
      Wed 2026-09-30 09:00  Work began
      Fri 2026-10-09 11:00  Resolved

    On hold
      Wed 2026-09-30 10:00 to Thu 2026-10-08 10:00  等待备件; not counted: Resolution

    Working hours day by day, and what of them counts for “Resolution”
      Tue 2026-09-29  08:30-12:00 13:00-17:30; 1 h 30 min counted
      Wed 2026-09-30  special hours that day, 08:30-12:00; 1 h 30 min counted (2 h on hold)
      Thu 2026-10-01 to Wed 2026-10-07 (7 days)  public holiday, closed
      Thu 2026-10-08  08:30-12:00 13:00-17:30; 6 h 30 min counted (1 h 30 min on hold)
      Fri 2026-10-09  08:30-12:00 13:00-17:30; 2 h 30 min counted

    Targets
      First response: on time
        time    from Tue 2026-09-29 16:00 to Tue 2026-09-29 16:30
        target  1 h of working time, service agreement “维修”
        due     Tue 2026-09-29 17:00
        used    30 min of 1 h: Tue 30 min
      Start of work: no target
        time    from Tue 2026-09-29 16:00 to Wed 2026-09-30 09:00
        used    2 h: Tue 1 h 30 min + Wed 30 min
      Resolution: late by 4 h
        time    from Tue 2026-09-29 16:00 to Fri 2026-10-09 11:00
        target  8 h of working time, service agreement “维修”
        due     Thu 2026-10-08 16:00 (put off by the time on hold)
        used    12 h of 8 h: 29 Sep 1 h 30 min + 30 Sep 1 h 30 min + 8 Oct 6 h 30 min + 9 Oct 2 h 30 min (3 h 30 min on hold not counted)
        why     the work itself took longest
    "#);
}

#[test]
fn in_chinese() {
    insta::assert_snapshot!(story("zh", "SR20260900001"), @r#"
    工单 SR20260900001
    截至 2026-10-31 周六 24:00

      工单状态  已解决
      服务类型  维修服务

    经过
      2026-09-29 周二 16:00  客户提出需求
      2026-09-29 周二 16:30  首次响应
      2026-09-30 周三 09:00  开始处理
      2026-10-09 周五 11:00  问题解决

    暂停计时
      2026-09-30 周三 10:00 至 2026-10-08 周四 10:00  等待备件，不计入问题解决

    逐日工作时间，及计入“问题解决”的时间
      2026-09-29 周二  08:30-12:00 13:00-17:30，计入 1 小时 30 分
      2026-09-30 周三  当日另有安排，08:30-12:00，计入 1 小时 30 分（暂停 2 小时不计）
      2026-10-01 周四 至 2026-10-07 周三（7 天）  公共假日，休息
      2026-10-08 周四  08:30-12:00 13:00-17:30，计入 6 小时 30 分（暂停 1 小时 30 分不计）
      2026-10-09 周五  08:30-12:00 13:00-17:30，计入 2 小时 30 分

    时限
      首次响应：达标
        起止  2026-09-29 周二 16:00 至 2026-09-29 周二 16:30
        时限  1 小时（工作时间），按服务约定“维修”
        到期  2026-09-29 周二 17:00
        用时  1 小时中用了 30 分：周二 30 分
      开始处理：无时限
        起止  2026-09-29 周二 16:00 至 2026-09-30 周三 09:00
        用时  2 小时：周二 1 小时 30 分 + 周三 30 分
      问题解决：超时 4 小时
        起止  2026-09-29 周二 16:00 至 2026-10-09 周五 11:00
        时限  8 小时（工作时间），按服务约定“维修”
        到期  2026-10-08 周四 16:00（已按暂停顺延）
        用时  8 小时中用了 12 小时：9月29日 1 小时 30 分 + 9月30日 1 小时 30 分 + 10月8日 6 小时 30 分 + 10月9日 2 小时 30 分（暂停 3 小时 30 分未计入）
        原因  处理过程用时最长
    "#);
}

#[test]
fn a_ticket_that_is_not_there_is_a_mistake_of_the_command_line() {
    let tiny = told("en");
    let ask = |ticket: &str| tiny.desk.run(&["explain", "ticket", ticket, "pipelines/p.toml"]);
    ask("XX9").assert_refused(2, &["no ticket \"XX9\" is used in this review", "look at the number"]);
    ask("SR20260900004")
        .assert_refused(2, &["no ticket \"SR20260900004\"", "Did you mean SR20260900001, SR20260900003?"]);
    // Its row was set aside for the moment that nobody can read.
    ask("SR20260900002").assert_refused(
        2,
        &["no ticket \"SR20260900002\"", "set aside: tickets.csv row 3: `resolved_at` expects a time"],
    );
    assert_eq!(ask("SR20260900002").stdout, "");
    assert!(!tiny.desk.path("out").exists(), "a story writes nothing");
}

#[test]
fn a_story_sees_nothing_after_its_moment() {
    let told = told("en")
        .desk
        .run(&["explain", "ticket", "SR20260900001", "pipelines/p.toml", "--as-of", "2026-09-30"])
        .done();
    let text = told.stdout;
    assert!(text.contains("As of the end of Wed 2026-09-30") && !text.contains("2026-10-09 11:00"), "{text}");
    assert!(text.contains("Wed 2026-09-30 10:00 until now  等待备件"), "{text}");
    assert!(text.contains("Resolution: in progress"), "{text}");
}
