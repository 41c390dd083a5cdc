//! Products and what goes wrong with them.

use std::borrow::Cow;

use super::rng::Rng;

/// A product model.
#[derive(Clone, Debug)]
pub struct Model {
    pub name: Cow<'static, str>,
    /// The product line.
    pub line: &'static str,
    /// Share of the installed products, in proportion to the others.
    pub weight: f64,
}

const fn model(name: &'static str, line: &'static str, weight: f64) -> Model {
    Model { name: Cow::Borrowed(name), line, weight }
}

/// The models of the fixtures.
pub static MODELS: [Model; 8] = [
    model("KX-100", "净水机", 0.16),
    model("KX-200", "净水机", 0.20),
    model("KX-300", "净水机", 0.13),
    model("KX-500", "净水机", 0.10),
    model("TX-20", "开水器", 0.14),
    model("TX-30", "开水器", 0.12),
    model("TX-80", "开水器", 0.09),
    model("ZX-60", "制冰机", 0.06),
];
/// The model of the planted defect.
pub const DEFECT_MODEL: usize = 2;
/// The planted defect.
pub const DEFECT: &str = "漏水";

/// The models of the fixtures, and more of the same lines; the later ones are rarer.
pub fn catalogue(models: usize) -> Vec<Model> {
    const LINES: [(&str, &str); 3] = [("KX", "净水机"), ("TX", "开水器"), ("ZX", "制冰机")];
    let more = (MODELS.len()..models).map(|i| {
        let (prefix, line) = LINES[i % LINES.len()];
        #[expect(clippy::cast_precision_loss, reason = "a few thousand models at most")]
        let weight = 0.96 / i as f64;
        Model { name: Cow::Owned(format!("{prefix}-{}", 600 + 5 * i)), line, weight }
    });
    MODELS.iter().cloned().chain(more).take(models).collect()
}

const FAULTS: [(&str, f64); 15] = [
    ("漏水", 9.0),
    ("不通电", 14.0),
    ("屏幕不亮", 10.0),
    ("噪音大", 12.0),
    ("出水慢", 11.0),
    ("水温异常", 8.0),
    ("滤芯报警", 9.0),
    ("按键失灵", 6.0),
    ("异味", 4.0),
    ("传感器故障", 5.0),
    ("漏电跳闸", 3.0),
    ("网络离线", 4.0),
    ("排水堵塞", 3.0),
    ("门封破损", 2.0),
    ("制冰慢", 2.0),
];

/// One fault of a model, given its place among the models and its line. The planted defect is planted elsewhere, and ice is
/// slow only where ice is made.
pub fn fault(model: usize, line: &str, rng: &mut Rng) -> &'static str {
    let weights = FAULTS.map(|(name, weight)| match name {
        DEFECT if model == DEFECT_MODEL => 0.0,
        "制冰慢" if line == "制冰机" => 12.0,
        "制冰慢" | "门封破损" if line != "制冰机" => 0.0,
        "水温异常" if line == "开水器" => 14.0,
        _ => weight,
    });
    FAULTS[rng.weighted(&weights)].0
}

const PLAIN: [&str; 6] = ["客户来电反映", "使用中", "昨日起", "停电后", "时常", "更换滤芯后"];
const TRICKY: [&str; 4] = ["客户说\"很急\",已拍照", "已断电,等上门", "地面有水\n已关总阀", "\"E3\"闪烁,重启无效"];

/// The fault that a cell of fault codes names first, if it names any.
pub fn first_fault(faults: &str) -> Option<&str> {
    faults.split('、').next().filter(|fault| !["", "无", "?"].contains(fault))
}

/// What the customer says: mostly short, at times with commas, quotes or a line break.
pub fn description(faults: &str, rng: &mut Rng) -> String {
    if rng.chance(0.08) {
        return TRICKY[rng.below(TRICKY.len())].to_owned();
    }
    let said = PLAIN[rng.below(PLAIN.len())];
    [said, first_fault(faults).unwrap_or_default()].concat()
}

/// The model without its dash and the number of the customer who owns it.
pub fn serial(model: &Model, customer_id: &str) -> String {
    let mut serial = model.name.replace('-', "");
    serial.push_str(customer_id.trim_start_matches('C'));
    serial
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn models_have_names_of_their_own_and_begin_with_those_of_the_fixtures() {
        for models in [8, 32, 320] {
            let all = catalogue(models);
            let names: BTreeSet<&str> = all.iter().map(|model| &*model.name).collect();
            assert_eq!(names.len(), models);
            assert_eq!(all[DEFECT_MODEL].name, "KX-300");
        }
    }

    #[test]
    fn the_planted_defect_never_comes_by_chance() {
        let mut rng = Rng::new(1);
        assert!((0..1000).all(|_| fault(DEFECT_MODEL, "净水机", &mut rng) != DEFECT));
        assert!((0..1000).any(|_| fault(0, "净水机", &mut rng) == DEFECT));
    }

    #[test]
    fn serial_numbers_join_model_and_customer() {
        assert_eq!(serial(&MODELS[0], "C0042"), "KX1000042");
    }
}
