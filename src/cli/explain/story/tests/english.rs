//! The made-up stories in English.

use super::en;

#[test]
fn simple_and_met() {
    insta::assert_snapshot!(en(&super::simple()), @r#"
    Ticket SR20260700001
    As of the end of Wed 2026-09-30

      Service type  维修服务

    What happened
      Wed 2026-07-01 10:00  Requested
      Wed 2026-07-01 11:30  First response
      Thu 2026-07-02 10:12  Resolved

    Working hours day by day, and what of them counts for “Resolution”
      Wed 2026-07-01  08:30-12:00 13:00-17:30; 6 h 30 min counted
      Thu 2026-07-02  08:30-12:00 13:00-17:30; 1 h 42 min counted

    Targets
      First response: on time
        time    from Wed 2026-07-01 10:00 to Wed 2026-07-01 11:30
        target  2 h of working time, service agreement no. 2
        due     Wed 2026-07-01 12:00
        used    1 h 30 min of 2 h: Wed 1 h 30 min
      Resolution: on time
        time    from Wed 2026-07-01 10:00 to Thu 2026-07-02 10:12
        target  24 h of working time, service agreement no. 2
        due     Mon 2026-07-06 10:00
        used    8 h 12 min of 24 h: Wed 6 h 30 min + Thu 1 h 42 min
    "#);
}

#[test]
fn paused_and_breached() {
    insta::assert_snapshot!(en(&super::paused_and_breached()), @r#"
    Ticket SR20260700001
    As of the end of Wed 2026-09-30

      Service type  维修服务

    What happened
      Fri 2026-07-03 15:00  Requested
      Fri 2026-07-03 16:00  Work began
      Tue 2026-07-07 11:00  Resolved

    On hold
      Mon 2026-07-06 09:00 to Mon 2026-07-06 12:00  等待客户; not counted: Resolution
      Tue 2026-07-07 08:00 to Tue 2026-07-07 09:00  等待备件; not counted: Resolution
      Tue 2026-07-07 10:00 to Tue 2026-07-07 10:30  no reason recorded; no time is deducted

    Working hours day by day, and what of them counts for “Resolution”
      Fri 2026-07-03  08:30-12:00 13:00-17:30; 2 h 30 min counted
      Sat 2026-07-04 to Sun 2026-07-05 (2 days)  closed
      Mon 2026-07-06  08:30-12:00 13:00-17:30; 5 h counted (3 h on hold)
      Tue 2026-07-07  08:30-12:00 13:00-17:30; 2 h counted (30 min on hold)

    Targets
      Resolution: late by 1 h 30 min
        time    from Fri 2026-07-03 15:00 to Tue 2026-07-07 11:00
        target  8 h of working time, service agreement “VIP”
        due     Tue 2026-07-07 09:30 (put off by the time on hold)
        used    9 h 30 min of 8 h: Fri 2 h 30 min + Mon 5 h + Tue 2 h (3 h 30 min on hold not counted)
        why     the work itself took longest
    "#);
}

#[test]
fn over_spring_festival() {
    insta::assert_snapshot!(en(&super::over_spring_festival()), @r#"
    Ticket SR20260700001
    As of the end of Wed 2026-09-30, working calendar “shanghai”

      Service type  维修服务

    What happened
      Fri 2026-02-13 16:00  Requested
      Mon 2026-03-02 09:00  Resolved

    Working hours day by day, and what of them counts for “Resolution”
      Fri 2026-02-13  08:30-12:00 13:00-17:30; 1 h 30 min counted
      Sat 2026-02-14  make-up workday with Mon hours, 08:30-12:00 13:00-17:30; 8 h counted
      Sun 2026-02-15 to Mon 2026-02-23 (9 days)  public holiday, closed
      Tue 2026-02-24  special hours that day, 08:30-12:00; 3 h 30 min counted
      Wed 2026-02-25 to Fri 2026-02-27 (3 days)  08:30-12:00 13:00-17:30; 8 h counted each day
      Sat 2026-02-28  make-up workday with Mon hours, 08:30-12:00 13:00-17:30; 8 h counted
      Sun 2026-03-01  closed
      Mon 2026-03-02  08:30-12:00 13:00-17:30; 30 min counted

    Targets
      Resolution: late by 10 h
        time    from Fri 2026-02-13 16:00 to Mon 2026-03-02 09:00
        target  5 working days, by the same time of day, 35 h 30 min of working time, service agreement no. 2
        due     Fri 2026-02-27 16:00
        used    45 h 30 min of 35 h 30 min: 13 Feb 1 h 30 min + 14 Feb 8 h + 24 Feb 3 h 30 min + 4 × 8 h (25 Feb to 28 Feb) + 2 Mar 30 min
        why     waiting for work to begin took longest
    "#);
}

#[test]
fn open_and_running() {
    insta::assert_snapshot!(en(&super::open_and_running()), @r#"
    Ticket SR20260700001
    As of the end of Wed 2026-09-30

      Service type  维修服务

    What happened
      Wed 2026-09-30 15:00  Requested

    On hold
      Wed 2026-09-30 16:30 until now  等待客户; not counted: Resolution

    Working hours day by day, and what of them counts for “Resolution”
      Wed 2026-09-30  08:30-12:00 13:00-17:30; 1 h 30 min counted (1 h on hold)

    Targets
      First response: late by 30 min after the promised time, and still open
        time    from Wed 2026-09-30 15:00 to now
        target  as promised to the customer
        due     Wed 2026-09-30 17:00
        used    2 h 30 min: Wed 2 h 30 min
        why     nobody has responded yet
      Resolution: in progress
        time    from Wed 2026-09-30 15:00 to now
        target  24 h of working time, service agreement no. 2
        due     Sat 2026-10-10 16:00 (put off by the time on hold)
        used    1 h 30 min of 24 h: Wed 1 h 30 min (1 h on hold not counted)
        left    22 h 30 min
    "#);
}
