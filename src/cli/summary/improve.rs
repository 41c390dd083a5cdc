//! The lines about what to improve.

use std::io::{self, Write};

use crate::review::{Improve, Named, Words};

/// Names in a line.
const MOST: usize = 5;

pub fn write(out: &mut impl Write, found: &Improve, words: Words) -> io::Result<()> {
    let named = |(model, fault): &Named| format!("{} {fault}", words.member(model)).trim().to_owned();
    let lines = [
        (words.either("应优先改进", "To mend first"), listed(words, &found.first, named)),
        (words.either("逐月上升（q < 0.05）", "Rising month by month (q < 0.05)"), listed(words, &found.rising, named)),
        (words.either("本期新出现", "New in this period"), listed(words, &found.new, named)),
        (words.either("本期不再出现", "No longer seen in this period"), listed(words, &found.vanished, named)),
        (
            words.either(
                &format!("客户意见最多（{} 条）", Words::number(found.texts)),
                &format!("Customers speak most of ({} texts)", Words::number(found.texts)),
            ),
            listed(words, &found.themes, |(theme, share)| format!("{} {:.0} %", words.theme(theme), share * 100.0)),
        ),
        (words.either("改进措施逾期", "Measures overdue"), listed(words, &found.overdue, Clone::clone)),
        (
            words.either("改进措施见效（q < 0.05）", "Measures that helped (q < 0.05)"),
            listed(words, &found.better, Clone::clone),
        ),
        (
            words.either("措施后反而变差（q < 0.05）", "Worse after the measure (q < 0.05)"),
            listed(words, &found.worse, Clone::clone),
        ),
        (
            words.either("注意：数据中没有这些措施的改进对象", "Note: the data lack the targets of these measures"),
            listed(words, &found.unknown, |(id, target)| {
                words.either(&format!("{id}（{target}）"), &format!("{id} ({target})"))
            }),
        ),
    ];
    let mut told = false;
    for (what, which) in lines.into_iter().filter(|(_, which)| !which.is_empty()) {
        writeln!(out, "{what}{}{which}", words.either("：", ": "))?;
        told = true;
    }
    if told { writeln!(out) } else { Ok(()) }
}

/// The first few names in a line, and how many more there are.
fn listed<T>(words: Words, all: &[T], name: impl Fn(&T) -> String) -> String {
    let names: Vec<String> = all.iter().take(MOST).map(name).collect();
    let names = names.join(&words.either("、", ", "));
    match all.len().checked_sub(MOST).filter(|more| *more > 0) {
        Some(more) => names + &words.either(&format!(" 等 {} 项", all.len()), &format!(" and {more} more")),
        None => names,
    }
}
