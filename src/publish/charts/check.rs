//! What every chart must keep, asked of its display list.

use super::canvas::{Bounds, Canvas, Shape};
use super::{Caption, Estimate};

/// No two texts touch, and nothing leaves the page.
pub(super) fn layout(canvas: &Canvas) {
    let boxes: Vec<Bounds> = canvas.labels.iter().map(|label| label.bounds(canvas.face)).collect();
    for (i, a) in boxes.iter().enumerate() {
        let label = &canvas.labels[i];
        assert!(
            a.left >= 0.0 && a.top >= 0.0 && a.right <= canvas.width && a.bottom <= canvas.height,
            "{:?} leaves the page of {} × {}: {a:?}",
            label.text,
            canvas.width,
            canvas.height
        );
        for (j, b) in boxes.iter().enumerate().skip(i + 1) {
            assert!(a.is_apart_from(*b), "{:?} touches {:?}: {a:?} {b:?}", label.text, canvas.labels[j].text);
        }
    }
    for shape in &canvas.shapes {
        let points: Vec<(f64, f64)> = match shape {
            Shape::Rect { at, size, .. } => vec![*at, (at.0 + size.0, at.1 + size.1)],
            Shape::Line { points, .. } | Shape::Polygon { points, .. } => points.clone(),
            Shape::Circle { at, radius, .. } => vec![(at.0 - radius, at.1 - radius), (at.0 + radius, at.1 + radius)],
        };
        for (x, y) in points {
            assert!(x >= 0.0 && y >= 0.0 && x <= canvas.width && y <= canvas.height, "{shape:?}");
        }
    }
}

/// Both formats are there, of the size of the page, and the same again.
///
/// Painting is slow without optimisation, so each chart is painted at one size only; layouts are cheap.
pub(super) fn rendered(canvas: &Canvas) {
    layout(canvas);
    let first = canvas.render().unwrap();
    assert_eq!(first, canvas.render().unwrap());
    let svg = String::from_utf8(first.svg).unwrap();
    assert!(svg.contains(&format!("width=\"{}\" height=\"{}\"", canvas.width, canvas.height)));
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
    let info = png::Decoder::new(std::io::Cursor::new(&first.png)).read_info().unwrap().info().clone();
    assert_eq!((f64::from(info.width), f64::from(info.height)), (canvas.width * 2.0, canvas.height * 2.0));
}

pub(super) fn caption() -> Caption {
    Caption {
        title: "SLA 达成率 — 2026年第三季度".into(),
        subtitle: "2026-07-01 至 2026-09-30 · n = 12,345".into(),
        footnote: Some("误差线为 95% Wilson 置信区间。".into()),
    }
}

/// Names of all kinds: short, long, Chinese, English, with characters that XML and fonts do not like.
pub(super) fn name(i: usize) -> String {
    match i % 6 {
        0 => format!("维修服务{i}"),
        1 => format!("Preventive maintenance and inspection for contract customers in the western region {i}"),
        2 => {
            format!("华东区域重点客户预防性维护保养与巡检服务（含备件更换及远程支持，年度合同）{i}")
        }
        3 => format!("<A&B> \"{i}\""),
        4 => format!("王喆堃\u{1F600}{i}"),
        _ => String::new(),
    }
}

/// Every third is missing, every seventh not a number.
pub(super) fn estimate(i: usize, low: f64, high: f64) -> Option<Estimate> {
    let share = f64::from(u32::try_from((i * 37) % 101).unwrap()) / 100.0;
    let value = low + (high - low) * share;
    let half = (high - low) * 0.08;
    match i {
        i if i % 3 == 2 => None,
        i if i % 7 == 6 => Some(Estimate { value: f64::NAN, low: f64::NAN, high: f64::INFINITY, n: 3 }),
        _ => Some(Estimate {
            value,
            low: (value - half).max(low),
            high: (value + half).min(high),
            n: 17 * i as u64 * i as u64,
        }),
    }
}
