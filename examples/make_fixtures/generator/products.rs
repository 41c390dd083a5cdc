//! Products and what goes wrong with them.

use super::rng::Rng;

/// Model, product line and share of the installed products.
pub const MODELS: [(&str, &str, f64); 8] = [
    ("KX-100", "净水机", 0.16),
    ("KX-200", "净水机", 0.20),
    ("KX-300", "净水机", 0.13),
    ("KX-500", "净水机", 0.10),
    ("TX-20", "开水器", 0.14),
    ("TX-30", "开水器", 0.12),
    ("TX-80", "开水器", 0.09),
    ("ZX-60", "制冰机", 0.06),
];
/// The model of the planted defect.
pub const DEFECT_MODEL: usize = 2;
/// The planted defect.
pub const DEFECT: &str = "漏水";

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

/// One fault of a model. The planted defect is planted elsewhere, and ice is slow only where ice is made.
pub fn fault(model: usize, rng: &mut Rng) -> &'static str {
    let weights = FAULTS.map(|(name, weight)| match name {
        DEFECT if model == DEFECT_MODEL => 0.0,
        "制冰慢" if MODELS[model].1 == "制冰机" => 12.0,
        "制冰慢" | "门封破损" if MODELS[model].1 != "制冰机" => 0.0,
        "水温异常" if MODELS[model].1 == "开水器" => 14.0,
        _ => weight,
    });
    FAULTS[rng.weighted(&weights)].0
}

const PLAIN: [&str; 6] = ["客户来电反映", "使用中", "昨日起", "停电后", "时常", "更换滤芯后"];
const TRICKY: [&str; 4] = ["客户说\"很急\",已拍照", "已断电,等上门", "地面有水\n已关总阀", "\"E3\"闪烁,重启无效"];

/// What the customer says: mostly short, at times with commas, quotes or a line break.
pub fn description(faults: &str, rng: &mut Rng) -> String {
    if rng.chance(0.08) {
        return TRICKY[rng.below(TRICKY.len())].to_owned();
    }
    let said = PLAIN[rng.below(PLAIN.len())];
    match faults.split('、').next() {
        None | Some("" | "无" | "?") => said.to_owned(),
        Some(fault) => format!("{said}{fault}"),
    }
}

/// The model without its dash and the number of the customer who owns it.
pub fn serial(model: usize, customer_id: &str) -> String {
    format!("{}{}", MODELS[model].0.replace('-', ""), &customer_id[1..])
}
