//! What people write in their own words: sentences made of parts, so that few are alike.

use crate::generate::people::push_number;
use crate::generate::products::first_fault;
use crate::generate::rng::Rng;

const SINCE: [&str; 14] = [
    "客户来电反映",
    "使用中",
    "昨日起",
    "今早开机后",
    "停电后",
    "时常",
    "更换滤芯后",
    "搬动机器后",
    "上次维修后",
    "周末起",
    "开机约十分钟后",
    "夜间",
    "水压变化后",
    "清洗之后",
];
const HOW: [&str; 10] = ["", "", "", "一直", "间歇性", "突然", "再次", "疑似", "轻微", "严重"];
const MORE: [&str; 24] = [
    "已断电等待上门",
    "已关闭进水阀",
    "重启后仍然如此",
    "重启后暂时恢复",
    "声音比以前大",
    "底部有积水",
    "指示灯红色闪烁",
    "指示灯不亮",
    "水流比平时小",
    "影响正常营业",
    "客户比较着急",
    "客户已拍照",
    "客户已录像",
    "机器在保修期内",
    "机器已过保修期",
    "柜内空间较小",
    "需要带梯子",
    "上门前请先电话联系",
    "只有下午有人",
    "只有上午有人",
    "请周末上门",
    "请带备件",
    "怀疑是管路老化",
    "曾自行处理过",
];
const QUOTED: [&str; 6] =
    ["客户说\"很急\"", "客户说\"修了又坏\"", "\"E3\"闪烁", "显示\"请换芯\"", "客户问\"要等多久\"", "说明书写\"勿拆\""];

/// What the customer says of the faults: some words, at times a code or the age of the machine, at times commas, quotes or a
/// line break.
pub fn description(faults: &str, rng: &mut Rng) -> String {
    let mut text = String::with_capacity(96);
    let drawn = rng.next();
    // Several small choices out of one number; each takes the bits that the others left.
    let bit = |from: u32, n: u64| (drawn >> from) % n;
    let one = |parts: &[&'static str], from: u32| parts[usize::try_from(bit(from, parts.len() as u64)).unwrap_or(0)];
    if bit(0, 12) == 0 {
        text.push_str(one(&QUOTED, 4));
        text.push_str(if bit(10, 3) == 0 { "\n" } else { "," });
    }
    text.push_str(one(&SINCE, 16));
    text.push_str(one(&HOW, 22));
    text.push_str(first_fault(faults).unwrap_or("异常"));
    let length = bit(28, 10);
    if length >= 3 {
        text.push('，');
        text.push_str(one(&MORE, 34));
    }
    if length >= 6 {
        text.push('，');
        text.push_str(one(&MORE, 40));
    }
    match bit(46, 12) {
        0 => {
            text.push_str("，代码E");
            push_number(&mut text, bit(50, 60), 2);
        }
        1 | 2 => {
            text.push_str("，已用");
            push_number(&mut text, 1 + bit(50, 96), 1);
            text.push_str("个月");
        }
        3 => {
            text.push_str("，水压0.");
            push_number(&mut text, 10 + bit(50, 50), 2);
        }
        _ => {}
    }
    text
}

const WHO: [&str; 8] = ["希望", "建议", "请", "最好", "下次", "能否", "以后", "麻烦"];
const WHAT: [&str; 24] = [
    "上门前先电话",
    "把配件备齐再来",
    "讲解清楚些",
    "周末也能上门",
    "处理再快一些",
    "留下工程师电话",
    "提前告知到货时间",
    "一次修好",
    "缩短等待时间",
    "准时上门",
    "带上鞋套",
    "清理现场",
    "说明收费标准",
    "开具电子发票",
    "定期回访",
    "提供备用机",
    "多派一名师傅",
    "换质量好的配件",
    "培训使用方法",
    "短信通知进度",
    "热线少转接",
    "晚上也有人接听",
    "延长保修期",
    "固定一位师傅",
];
const AND: [&str; 6] = ["，", "，并", ",也", "；", "，另外", "\n"];

/// What a customer suggests.
pub fn wish(rng: &mut Rng) -> String {
    let mut text = String::with_capacity(64);
    text.push_str(rng.pick::<&str>(&WHO));
    text.push_str(rng.pick::<&str>(&WHAT));
    let length = rng.below(10);
    if length >= 4 {
        text.push_str(rng.pick::<&str>(&AND));
        text.push_str(rng.pick::<&str>(&WHAT));
    }
    if length >= 8 {
        text.push_str("，不超过");
        push_number(&mut text, 1 + rng.next() % 72, 1);
        text.push_str("小时");
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn few_texts_are_alike() {
        let mut rng = Rng::new(1);
        let said: BTreeSet<String> = (0..100_000).map(|_| description("漏水、异味", &mut rng)).collect();
        assert!(said.len() > 50_000, "{}", said.len());
        assert!(said.iter().all(|text| text.contains("漏水") && !text.contains("异味")));
        for sign in ["\"", "\n", ","] {
            assert!(said.iter().any(|text| text.contains(sign)), "{sign:?}");
        }
        let wishes: BTreeSet<String> = (0..100_000).map(|_| wish(&mut rng)).collect();
        assert!(wishes.len() > 20_000, "{}", wishes.len());
    }
}
