//! Names and ways to reach somebody, masked in what customers write.

use aho_corasick::{AhoCorasick, MatchKind};

/// What stands for what must not be read.
const MASK: &str = "**";

/// Digits in a row that make a number to call; signs between them do not end it.
const PHONE_DIGITS: usize = 7;

/// What a name may stand before, so that the one or two characters before it are a name.
const TITLES: [&str; 13] =
    ["师傅", "先生", "女士", "小姐", "老师", "经理", "主任", "主管", "工程师", "总监", "大姐", "大哥", "阿姨"];

/// Titles that stand before a name.
const BEFORE: [&str; 5] = ["mr", "mrs", "ms", "dr", "miss"];

/// The most usual surnames; what stands before a title otherwise is no name (`这位师傅`).
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤牛常温康施文樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟申欧耿关兰焦俞左柳甘祝包宁符纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁";

/// Characters after which a name may begin.
const AFTER: &str = "谢和跟给让找请的是对由向叫有位为了到";

/// Words that begin like a name and stand before titles.
const WORDS: [&str; 8] = ["安装", "高级", "高工", "金牌", "方案", "施工", "向导", "解决"];

/// Masks names and numbers.
#[derive(Debug)]
pub struct Mask {
    /// Names of staff as the roster has them.
    names: Option<AhoCorasick>,
}

impl Mask {
    /// `names` are masked wherever they stand; those of a single letter or already masked are left out.
    pub fn new<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let plain = |name: &&str| name.chars().count() >= 2 && !name.contains('*');
        let names: Vec<&str> = names.filter(plain).collect();
        let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&names);
        Self { names: built.ok().filter(|_| !names.is_empty()) }
    }

    /// The text with names, numbers to call and addresses masked.
    pub fn apply(&self, text: &str) -> String {
        let text = match &self.names {
            Some(names) => {
                let mut out = String::with_capacity(text.len());
                let mut last = 0;
                for found in names.find_iter(text) {
                    out.push_str(&text[last..found.start()]);
                    out.push_str(MASK);
                    last = found.end();
                }
                out.push_str(&text[last..]);
                out
            }
            None => text.to_owned(),
        };
        addresses(&titled(&numbers(&text)))
    }
}

/// Masks numbers to call.
fn numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let chars: Vec<char> = text.chars().collect();
    let digit = |c: char| c.is_ascii_digit() || ('０'..='９').contains(&c);
    let joins = |c: char| matches!(c, '-' | ' ' | '–' | '—' | '(' | ')' | '（' | '）' | '+' | '.');
    let mut at = 0;
    while at < chars.len() {
        if !digit(chars[at]) {
            out.push(chars[at]);
            at += 1;
            continue;
        }
        let (mut end, mut digits) = (at, 0);
        let mut next = at;
        // Single signs may stand between digits.
        while next < chars.len() && (digit(chars[next]) || joins(chars[next]) && next == end) {
            if digit(chars[next]) {
                digits += 1;
                end = next + 1;
            }
            next += 1;
        }
        if digits >= PHONE_DIGITS {
            out.push_str(MASK);
        } else {
            out.extend(&chars[at..end]);
        }
        at = end;
    }
    out
}

/// Masks names that stand before or after a title.
fn titled(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut masked = vec![false; chars.len()];
    let at = |from: usize, word: &str| word.chars().enumerate().all(|(i, c)| chars.get(from + i) == Some(&c));
    for place in 0..chars.len() {
        let surname = |i: usize| SURNAMES.contains(chars[i]);
        if TITLES.iter().any(|title| at(place, title)) {
            let first = (1..=3).rev().filter_map(|back| place.checked_sub(back)).find(|from| {
                let given = place - from - 1;
                // A surname alone is a name; with more behind it, it must not run on from a word, or be one.
                let free = starts_word(&chars, *from) || AFTER.contains(chars[from - 1]);
                let word = WORDS.iter().any(|word| at(*from, word));
                surname(*from) && (given == 0 || free && !word)
            });
            if let Some(first) = first {
                masked[first..place].fill(true);
            }
        }
        // 小王, 老李 and the like.
        if matches!(chars[place], '小' | '老')
            && chars.get(place + 1).is_some_and(|c| SURNAMES.contains(*c))
            && starts_word(&chars, place)
            && chars.get(place + 2).is_none_or(|c| !is_han(*c) || "来修的很真态人服很是就说".contains(*c))
        {
            masked[place + 1] = true;
        }
    }
    let mut out = String::with_capacity(text.len());
    for (place, c) in chars.iter().enumerate() {
        match (masked[place], place.checked_sub(1).is_some_and(|before| masked[before])) {
            (true, true) => {}
            (true, false) => out.push_str(MASK),
            (false, _) => out.push(*c),
        }
    }
    latin(&out)
}

/// Whether no Chinese character stands before this one.
fn starts_word(chars: &[char], at: usize) -> bool {
    at.checked_sub(1).is_none_or(|before| !is_han(chars[before]))
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}')
}

/// Masks the word after `Mr`, `Mrs` and the like.
fn latin(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut next_is_name = false;
    while let Some(c) = rest.chars().next() {
        let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        if end == 0 {
            next_is_name &= c == ' ' || c == '.';
            out.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let word = &rest[..end];
        let capital = word.starts_with(|c: char| c.is_ascii_uppercase());
        out.push_str(if next_is_name && capital { MASK } else { word });
        next_is_name = capital && BEFORE.iter().any(|title| word.eq_ignore_ascii_case(title));
        rest = &rest[end..];
    }
    out
}

/// Masks e-mail addresses.
fn addresses(text: &str) -> String {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let mut out = text.to_owned();
    let mut from = 0;
    while let Some(sign) = out[from..].find('@').map(|at| from + at) {
        let begin =
            out[..sign].rfind(|c| !part(c)).map_or(0, |at| at + out[at..].chars().next().map_or(1, char::len_utf8));
        let end = out[sign + 1..].find(|c| !part(c)).map_or(out.len(), |at| sign + 1 + at);
        if begin < sign && sign + 1 < end {
            out.replace_range(begin..end, MASK);
            from = begin + MASK.len();
        } else {
            from = sign + 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_masked_and_nothing_else() {
        let mask = Mask::new(["王小明", "李*", "Anna Schmidt"].into_iter());
        for (text, expected) in [
            ("张师傅很耐心", "**师傅很耐心"),
            ("王小明服务好", "**服务好"),
            ("欧阳师傅和这位师傅", "**师傅和这位师傅"),
            ("安装师傅和高级工程师", "安装师傅和高级工程师"),
            ("感谢陈建国经理", "感谢**经理"),
            ("请打13800001111找我", "请打**找我"),
            ("138-0000-1111 或 021 6688 7799", "** 或 **"),
            ("等了3天，付了1200元", "等了3天，付了1200元"),
            ("2026-07 型号 KX-300", "2026-07 型号 KX-300"),
            ("小李很专业", "小**很专业"),
            ("小康家庭", "小康家庭"),
            ("小李来修的", "小**来修的"),
            ("Thanks to Mr. Miller and Anna Schmidt", "Thanks to Mr. ** and **"),
            ("write to a.b@example.com please", "write to ** please"),
            ("微信@我", "微信@我"),
        ] {
            assert_eq!(mask.apply(text), expected, "{text}");
        }
    }
}
