//! The short summary of a review: where the rows went, the headlines, what to open.

mod improve;

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::account::{self, pad};
use crate::plan::Plan;
use crate::review::{Calls, Course, Defect, Headlines, Output, Report, Words, headlines};

pub fn print(plan: &Plan, report: &Report) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let words = Words::of(plan);
    let as_of = report.as_of().map_or_else(String::new, |day| day.to_string());
    let (title, period) = (&plan.review.title, words.period(&report.moment.period.to_string()));
    writeln!(out, "{title} · {period} · {} {as_of}\n", words.either("评审时点", "as of"))?;
    account::rows(&mut out, &report.accounts, words)?;
    account::notices(&mut out, plan)?;
    figures(&mut out, plan, report, words)?;
    if let Some(written) = &report.written {
        let folder = written.folder.display();
        let (charts, tables) = (words.either("图表", "charts"), words.either("数据表", "tables"));
        writeln!(out, "{}", words.either("请打开：", "Open:"))?;
        for output in written.outputs.iter().filter(|o| o.file.starts_with("charts/") && !o.file.contains(".svg")) {
            writeln!(out, "  {charts}  {folder}/{}", output.file)?;
        }
        let filled = |o: &&&Output| o.file.starts_with("tables/") && o.rows.is_some_and(|r| r > 0);
        let about_data = |o: &&Output| o.file.starts_with("tables/data_");
        let (data, findings): (Vec<_>, Vec<_>) = written.outputs.iter().filter(|o| filled(&o)).partition(about_data);
        for output in findings.into_iter().chain(data) {
            let (file, count) = (&output.file, output.rows.unwrap_or(0));
            writeln!(out, "  {tables}  {folder}/{file} ({count} {})", words.either("行", "rows"))?;
        }
        writeln!(out, "  {}  {folder}/manifest.json", words.either("清单", "manifest"))?;
    }
    Ok(())
}

fn figures(out: &mut impl Write, plan: &Plan, report: &Report, words: Words) -> io::Result<()> {
    let headlines = headlines(plan, report);
    if !headlines.attainment.is_empty() {
        writeln!(out, "{}", words.either("响应时间达标率（95% 区间）", "SLA attainment (95 % interval)"))?;
        for a in &headlines.attainment {
            let clock = pad(&words.clock(&a.clock), 14);
            writeln!(
                out,
                "  {clock} {:>5.1} %  ({:.1}–{:.1} %)  n = {}",
                a.share * 100.0,
                a.low * 100.0,
                a.high * 100.0,
                a.n
            )?;
        }
        writeln!(out)?;
    }
    if headlines.without_target > 0 {
        let n = headlines.without_target;
        let text = words.either(
            &format!("时限：{n} 张工单均无时限可考核"),
            &format!("SLA: none of {n} tickets has a target that can be judged"),
        );
        writeln!(out, "{text}\n")?;
    }
    people(out, &headlines, words)?;
    if !headlines.defects.is_empty() {
        writeln!(out, "{}", words.either("最常见的故障（型号 × 故障）", "Most frequent defects (model × fault)"))?;
        let name = |d: &Defect| format!("{} {}", words.member(&d.model), d.fault);
        let width = headlines.defects.iter().map(|d| name(d).width()).max().unwrap_or(0);
        for d in &headlines.defects {
            let name = pad(&name(d), width + 2);
            let previous = d.previous.map_or_else(String::new, |n| {
                words.either(&format!("，上期 {n} 张"), &format!(", {n} in the previous period"))
            });
            let repeats = d.repeats.map_or_else(String::new, |n| {
                let ending = if n == 1 { "" } else { "s" };
                words.either(&format!("，重复 {n} 张"), &format!(", {n} repeat{ending}"))
            });
            let text = words.either(
                &format!("{} 张工单{repeats}{previous}", d.tickets),
                &format!("{} tickets{repeats}{previous}", d.tickets),
            );
            writeln!(out, "  {name} {text}")?;
        }
        writeln!(out)?;
    }
    improve::write(out, &headlines.improve, words)
}

/// What staff and customers ask for.
fn people(out: &mut impl Write, headlines: &Headlines, words: Words) -> io::Result<()> {
    for t in &headlines.tenure {
        let (dimension, q) = (words.dimension(&t.dimension), Short(t.q));
        let differs = words.either(
            &format!("{dimension}：各工龄段之间有差异（q {q}）"),
            &format!("{dimension}: tenure bands differ (q {q})"),
        );
        let gap = t.gap.as_ref().map_or_else(String::new, |(lowest, senior, gap)| {
            words.either(
                &format!("，{lowest} 最低，比 {senior} 低 {:.2} 分", -gap),
                &format!(", {lowest} is the lowest, {:.2} points below {senior}", -gap),
            )
        });
        writeln!(out, "{differs}{gap}")?;
    }
    for course in headlines.courses.iter().take(COURSES) {
        writeln!(out, "{}", sentence(course, words))?;
    }
    if let Some(more) = headlines.courses.len().checked_sub(COURSES).filter(|more| *more > 0) {
        let text = words.either(
            &format!("另有 {more} 个维度存在短板，见 training_groups"),
            &format!("{more} more dimensions with skill gaps: see training_groups"),
        );
        writeln!(out, "{text}")?;
    }
    if let Some(drivers) = &headlines.drivers {
        let (dimension, importance) = (words.dimension(&drivers.most.0), drivers.most.1 * 100.0);
        let first: Vec<String> =
            drivers.first.iter().map(|(name, mean)| format!("{} {mean:.2}", words.dimension(name))).collect();
        let most = words.either(
            &format!("总体满意度最取决于{dimension}（{importance:.0} %）"),
            &format!("Overall satisfaction hangs most on {dimension} ({importance:.0} %)"),
        );
        let mend = words.either(
            &format!("；重要而偏弱、应优先改进：{}", first.join("、")),
            &format!("; important and weak, to mend first: {}", first.join(", ")),
        );
        writeln!(out, "{most}{}", if first.is_empty() { "" } else { &mend })?;
    }
    if let Some(share) = headlines.weighed.map(|share| share * 100.0) {
        let text = words.either(
            &format!("注意：[scores] weights 中有评价主体没有评分，加权均分只用到 {share:.0} % 的权重，请核对名称"),
            &format!("Note: some evaluators in [scores] weights gave no scores; weighted means use {share:.0} % of the weights: look at their names"),
        );
        writeln!(out, "{text}")?;
    }
    let Calls { overdue, complaints, measures, due } = headlines.calls;
    if overdue + due > 0 {
        let text = words.either(
            &format!(
                "回访：{overdue} 个逾期（投诉后 {complaints} 个，改进措施后 {measures} 个），{due} 个现应回访，见 follow_up_due"
            ),
            &format!(
                "Follow-up: {overdue} calls overdue ({complaints} after complaints, {measures} after measures), {due} due now: see follow_up_due"
            ),
        );
        writeln!(out, "{text}")?;
    }
    let told = !headlines.tenure.is_empty() || !headlines.courses.is_empty() || headlines.drivers.is_some();
    if told || headlines.weighed.is_some() || overdue + due > 0 {
        writeln!(out)?;
    }
    Ok(())
}

/// Courses that are told of.
const COURSES: usize = 3;

/// Who needs the same course.
fn sentence(course: &Course, words: Words) -> String {
    /// Names in a line.
    const MOST: usize = 5;
    let called = |(id, name): &(String, String)| if name == "?" { id.clone() } else { format!("{id} {name}") };
    let dimension = words.dimension(&course.dimension);
    let all = course.staff.len();
    let names: Vec<String> = course.staff.iter().take(MOST).map(called).collect();
    let zh = if all > MOST { format!("{} 等 {all} 人", names.join("、")) } else { names.join("、") };
    let en = if all > MOST { format!("{} and {} more", names.join(", "), all - MOST) } else { names.join(", ") };
    words.either(
        &format!("{dimension}：{zh} 显著低于同工龄段（q < 0.05），可同班培训，依据见 training_evidence"),
        &format!(
            "{dimension}: {en} below peers of the same tenure (q < 0.05); one course, evidence in training_evidence"
        ),
    )
}

/// A q-value as a reader wants it.
struct Short(f64);

impl std::fmt::Display for Short {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        if self.0 < 0.001 { f.write_str("< 0.001") } else { write!(f, "= {:.3}", self.0) }
    }
}
