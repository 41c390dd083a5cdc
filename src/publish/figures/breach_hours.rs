//! Breaches by weekday and hour of the request, one panel a clock of tickets.

use super::{Chart, Shown};
use crate::publish::charts::{BreachCell, BreachHoursChart, BreachPanel, Caption};
use crate::schema::facts;

const NAME: &str = "sla_breach_hours";

/// Fewer tickets than this give a cell no colour.
const ENOUGH: u64 = 5;

const DAYS: [(&str, &str); 7] = [
    ("周一", "Mon"),
    ("周二", "Tue"),
    ("周三", "Wed"),
    ("周四", "Thu"),
    ("周五", "Fri"),
    ("周六", "Sat"),
    ("周日", "Sun"),
];

/// What one row of the table says.
struct Slot {
    row: usize,
    /// 0 is Monday.
    weekday: usize,
    hour: usize,
    cell: BreachCell,
}

pub fn charts(shown: &Shown) -> Vec<Chart> {
    choose(shown).map(|chart| Chart::new(NAME, move || chart.draw())).into_iter().collect()
}

fn choose(shown: &Shown) -> Option<BreachHoursChart> {
    let words = shown.words();
    let table = shown.table(NAME)?;
    let of_tickets = |row: &usize| {
        let clock = table.text("clock", *row).and_then(|name| shown.release.plan.clock(name));
        clock.is_some_and(|clock| clock.what.fact == facts::TICKET)
    };
    let rows: Vec<usize> = shown.reviewed(table, &[]).into_iter().filter(of_tickets).collect();
    let hour = |row: &usize| {
        let number = |column: &str| usize::try_from(table.long(column, *row)?).ok();
        let cell = BreachCell { breached: table.count("breached", *row), tickets: table.count("tickets", *row) };
        let (weekday, hour) = (number("weekday")?.checked_sub(1)?, number("hour")?);
        (weekday < DAYS.len() && hour < 24 && cell.tickets > 0).then_some(Slot { row: *row, weekday, hour, cell })
    };
    let hours: Vec<Slot> = rows.iter().filter_map(hour).collect();
    let first = hours.iter().map(|h| h.hour).min()?;
    let last = hours.iter().map(|h| h.hour).max()?;
    let panel = |clock: &str| {
        let mut cells = vec![vec![BreachCell::default(); last - first + 1]; DAYS.len()];
        for hour in hours.iter().filter(|h| table.text("clock", h.row) == Some(clock)) {
            if let Some(cell) = cells.get_mut(hour.weekday).and_then(|day| day.get_mut(hour.hour - first)) {
                *cell = hour.cell;
            }
        }
        BreachPanel { label: words.clock(clock), cells }
    };
    let there: Vec<usize> = hours.iter().map(|h| h.row).collect();
    Some(BreachHoursChart {
        caption: Caption {
            title: words.either("超时工单的提出时段（星期 × 小时）", "Breaches by weekday and hour of the request"),
            subtitle: format!(
                "{} · {}",
                words.period(shown.release.period),
                words.either("格内数字为超时工单数", "figures in cells are the tickets breached")
            ),
            footnote: Some(words.either(
                "按客户提出需求的星期与小时归入（工单时区）；工单 = 可判定工单（达标 + 超时）；占比 = 超时 ÷ 工单；空白格无可判定工单。",
                "By weekday and hour of the request; tickets are those judged (met + breached); share = breached ÷ tickets; \
                 an empty cell has no ticket judged.",
            )),
        },
        weekdays: DAYS.iter().map(|(zh, en)| words.either(zh, en)).collect(),
        hours: (first..=last).map(|h| words.either(&format!("{h}时"), &format!("{h:02}h"))).collect(),
        panels: shown.clocks(table, &there).into_iter().map(panel).collect(),
        enough: ENOUGH,
        scale_label: words.either("超时占比", "Share breached"),
        few_label: words
            .either(&format!("工单少于 {ENOUGH} 张，不着色"), &format!("Fewer than {ENOUGH} tickets, not coloured")),
        breached_label: words.either("超时", "Breached"),
        tickets_label: words.either("工单", "Tickets"),
        share_label: words.either("占比", "Share"),
    })
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::super::testing::Fixture;
    use super::*;

    fn fixture(rows: &[(&str, i32, i32, i64, i64)]) -> Fixture {
        let frame = df!(
            "period" => vec!["2026Q3"; rows.len()],
            "clock" => rows.iter().map(|r| r.0).collect::<Vec<_>>(),
            "weekday" => rows.iter().map(|r| r.1).collect::<Vec<_>>(),
            "hour" => rows.iter().map(|r| r.2).collect::<Vec<_>>(),
            "tickets" => rows.iter().map(|r| r.3).collect::<Vec<_>>(),
            "breached" => rows.iter().map(|r| r.4).collect::<Vec<_>>(),
        );
        Fixture::new(vec![(NAME, frame.unwrap())])
    }

    #[test]
    fn cells_find_their_place_between_the_first_and_the_last_hour() {
        let fixture = fixture(&[
            ("resolution", 7, 17, 9, 2),
            ("first_response", 1, 8, 5, 1),
            ("first_response", 1, 22, 0, 0),
            ("survey_return", 1, 3, 5, 1),
        ]);
        let chart = fixture.shown(choose).unwrap();
        assert_eq!((chart.hours.first().unwrap().as_str(), chart.hours.last().unwrap().as_str()), ("8时", "17时"));
        assert_eq!(chart.panels.iter().map(|p| p.label.as_str()).collect::<Vec<_>>(), ["首次响应", "问题解决"]);
        assert_eq!(chart.panels[0].cells[0][0], BreachCell { breached: 1, tickets: 5 });
        assert_eq!(chart.panels[1].cells[6][9], BreachCell { breached: 2, tickets: 9 });
        assert_eq!(chart.panels[1].cells[0][0], BreachCell::default());
    }

    #[test]
    fn nothing_judged_gives_no_chart() {
        assert!(fixture(&[]).shown(choose).is_none());
        assert!(Fixture::new(Vec::new()).shown(choose).is_none());
    }
}
