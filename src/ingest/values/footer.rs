//! Lines below the rows of a sheet that sum up or sign what stands above.

use super::text;

/// Words that open such a line.
const WORDS: [&str; 17] = [
    "合计",
    "总计",
    "小计",
    "共计",
    "汇总",
    "平均",
    "审核",
    "审核人",
    "制表",
    "制表人",
    "填表人",
    "备注",
    "total",
    "subtotal",
    "grand total",
    "sum",
    "average",
];

/// Whether a cell opens such a line: `合计`, `审核人：张`, `共 12 条`.
pub fn is_word(cell: &str) -> bool {
    let bare = cell.split([':', '：']).next().map(text::trim).unwrap_or_default();
    let counted = bare.strip_prefix('共').is_some_and(|rest| rest.contains(|c: char| c.is_ascii_digit()));
    counted || WORDS.iter().any(|word| bare.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::is_word;

    #[test]
    fn totals_and_signatures() {
        for cell in ["合计", "审核人：张三", "共 12 条", "Total: 5", "GRAND TOTAL"] {
            assert!(is_word(cell), "{cell}");
        }
        for cell in ["", "共享单车", "合计员", "SR001", "totals"] {
            assert!(!is_word(cell), "{cell}");
        }
    }
}
