//! What dumps without some columns still tell.

use std::fs;

use aftersales::plan;
use aftersales::review::{self, Request};

use crate::support::Silent;

const PIPELINE: &str = "[sources.tickets]
files = \"t.csv\"
[sources.tickets.columns]
ticket_id = \"id\"
requested_at = \"at\"
fault_codes = { column = \"faults\", separator = \",\" }
";

#[test]
fn defects_without_models_and_customers_are_ranked_by_their_code() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("t.csv"), "id,at,faults\n1,2026-07-01,A\n2,2026-07-02,\"A,B\"\n").unwrap();
    fs::write(folder.path().join("p.toml"), PIPELINE).unwrap();
    let plan = plan::load(&folder.path().join("p.toml")).unwrap();
    let request = Request { period: None, as_of: None, out: folder.path().join("out") };
    let report = review::run(&plan, &request, &Silent).unwrap();
    let (_, ranking) = report.tables.iter().find(|(table, _)| table.name == "defect_ranking").unwrap();
    let text = |column: &str| ranking.column(column).unwrap().str().unwrap().iter().flatten().collect::<Vec<_>>();
    let number = |column: &str| ranking.column(column).unwrap().i64().unwrap().iter().collect::<Vec<_>>();
    // The month, then the quarter.
    assert_eq!(text("fault_code"), ["A", "B", "A", "B"]);
    assert_eq!(text("product_model"), ["(none)"; 4]);
    assert_eq!(number("tickets"), [Some(2), Some(1), Some(2), Some(1)]);
    assert_eq!(number("repeats"), [None; 4]);
    assert_eq!(number("customers"), [None; 4]);
}
