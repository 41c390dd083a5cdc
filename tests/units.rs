//! Units in the field: what the change of a defect is relative to.

use crate::support::{Cell, Tiny};

const TICKETS: &str = "[sources.tickets]\nfiles = \"../dumps/t.csv\"\n[sources.tickets.columns]\nticket_id = \"no\"\n\
    requested_at = \"asked\"\nproduct_model = \"model\"\nproduct_line = \"line\"\nfault_codes = \"fault\"\n\
    [defects]\nlevels = [\"fault_code\"]\n";

const UNITS: &str = "[sources.units]\nfiles = \"../dumps/u.csv\"\n[sources.units.columns]\nproduct_model = \"model\"\n\
    counted_on = \"on\"\nunits = \"units\"\n";

fn tickets() -> String {
    // M1: 4 leaks in the second quarter, 6 in the third; M2: one each.
    let asked = [(5, "M1"); 4].into_iter().chain([(8, "M1"); 6]).chain([(5, "M2"), (8, "M2")]);
    let line = |(row, (month, model)): (usize, (u8, &str))| format!("T{row},2026-{month:02}-03 10:00,{model},L,leak\n");
    let lines: Vec<String> = asked.enumerate().map(line).collect();
    format!("no,asked,model,line,fault\n{}", lines.concat())
}

#[test]
fn a_defect_is_set_against_the_last_count_of_its_model() {
    let tiny = Tiny::new(&[TICKETS, UNITS].concat()).with("t.csv", tickets()).with(
        "u.csv",
        "model,on,units\nM1,2026-03-31,1000\nM1,2026-06-10,1500\nM1,2026-06-30,2000\nM1,2026-09-30,6000\nM1,2026-10-31,9000\n\
         M2,2026-09-30,50\n",
    );
    let output = tiny.review().output;
    let ranking = output.table("tables/defect_ranking");
    let rows = (0..ranking.height()).filter(|row| ranking.texts("period")[*row] == "2026Q3");
    let of = |row: usize| {
        let ratio = match ranking.column("change_ratio")[row] {
            Cell::Double(ratio) => Some(format!("{ratio:.3}")),
            _ => None,
        };
        let exposure = ranking.ints("exposure")[row];
        (ranking.texts("level")[row].clone(), ranking.ints("tickets")[row], exposure, ratio)
    };
    let told: Vec<_> = rows.map(of).collect();
    let row = |level: &str, tickets, exposure, ratio: Option<&str>| {
        (level.to_owned(), Some(tickets), Some(exposure), ratio.map(ToOwned::to_owned))
    };
    assert_eq!(
        told,
        [
            // 6 of 6,000 after 4 of 2,000, the later count of June.
            row("product_model+fault_code", 6, 6000, Some("0.500")),
            // Nobody had counted M2 in June.
            row("product_model+fault_code", 1, 50, None),
            // 7 of 6,050 after 5 of 2,000.
            row("fault_code", 7, 6050, Some("0.463")),
        ]
    );
    let units = output.table("facts/fact_units");
    assert_eq!(units.ints("units").len(), 5);
    assert_eq!(units.texts("month"), ["2026-03", "2026-06", "2026-06", "2026-09", "2026-09"]);
}

#[test]
fn without_units_tickets_are_the_exposure() {
    let output = Tiny::new(TICKETS).with("t.csv", tickets()).review().output;
    let ranking = output.table("tables/defect_ranking");
    let row = (0..ranking.height()).find(|row| ranking.texts("period")[*row] == "2026Q3").unwrap();
    assert_eq!((ranking.ints("exposure")[row], ranking.ints("tickets")[row]), (Some(7), Some(6)));
    assert_eq!(output.table("facts/fact_units").height(), 0);
}
