//! Addresses of Japan, China, Taiwan and Korea in their own script: written from
//! the largest part to the smallest, without commas.

use std::sync::LazyLock;

use cmes_types::Address;
use regex::Regex;

use crate::places::{Country, State};

/// An address and how much of the text it took.
pub(super) struct Found {
    pub address: Address,
    pub country: &'static str,
}

/// A regular expression of this file; `None` cannot be, as a test reads them all.
fn regex(pattern: &str) -> Option<Regex> {
    Regex::new(pattern).ok()
}

/// Ends of an address: telephone, mail and the like.
static END: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"(?i)[ 　/／|]*(?:(?:TEL|FAX|PHONE|HP|E-?MAIL|MAP)\b|℡|電話|電 話|代表|ファックス|お問|アクセス|地図|营业|电话|電話|传真|邮箱|手机|联系|邮政编码|邮编|전화|팩스|대표|이메일|사업자|고객|우편번호|\(우\)|※|[(（]地図|Copyright|©|https?:|[A-Za-z0-9._]+@)",
    )
});

static JAPANESE_CODE: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"(?:〒\s*|^|[^0-9-])([0-9]{3})[-－‐ー−]([0-9]{4})(?:[^0-9-]|$)"));

static JAPANESE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"^(東京都|北海道|京都府|大阪府|(?:神奈川|和歌山|鹿児島|[^\s0-9A-Za-z都道府県]{2})県)?\s?((?:四日市市|廿日市市|野々市市|市川市|市原市|大町市|十日町市|町田市|[^\s0-9都道府県市区町村郡]{1,5}郡[^\s0-9郡町村]{1,5}[町村]|[^\s0-9市区郡]{1,4}区|[^\s0-9市]{1,5}市[^\s0-9市区]{1,3}区|[^\s0-9市]{1,6}市|[^\s0-9区市郡]{1,4}区))\s?(.+)$",
    )
});

static CHINESE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"^((?:[\x{4e00}-\x{9fff}]{2,3}省|内蒙古自治区|广西(?:壮族自治区)?|西藏自治区|宁夏(?:回族自治区)?|新疆(?:维吾尔自治区)?)|(?:浙江|江苏|广东|山东|福建|河北|河南|湖北|湖南|安徽|江西|四川|辽宁|吉林|陕西|山西|云南|贵州|海南|甘肃|黑龙江)省?)?\s?([\x{4e00}-\x{9fff}]{2,4}[市縣]|[\x{4e00}-\x{9fff}]{2,6}自治州)?\s?((?:[\x{4e00}-\x{9fff}]{1,6}?[区县市區鄉鎮镇乡]).*[0-9号號楼樓室路街道园園].*)$",
    )
});

static KOREAN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    regex(
        r"((?:서울|부산|대구|인천|광주|대전|울산|세종)(?:특별시|광역시|특별자치시|시)?|(?:경기|강원|제주)(?:특별자치)?도?|(?:충청|전라|경상)[남북]도|(?:전북특별자치도|충북|충남|전북|전남|경북|경남))\s+((?:[가-힣]{1,5}시\s+[가-힣]{1,4}구|[가-힣]{1,5}[시군구])\s+)?((?:[가-힣0-9]+[읍면]\s+)?[가-힣0-9·]+(?:대로|로|길|동|가|리)(?:[0-9]+(?:번?길|가))?\s*[0-9][0-9-]*(?:번지|호)?|[가-힣0-9]+(?:로|길)\s?[0-9][0-9-]*)(.*)$",
    )
});

static KOREAN_CODE: LazyLock<Option<Regex>> =
    LazyLock::new(|| regex(r"(?:^|[^0-9-])(?:[\[(]?우\)?\s?|우편번호\s*:?\s*)?[\[(]?([0-9]{5})[\])]?(?:[^0-9-]|$)"));

static CHINESE_CODE: LazyLock<Option<Regex>> = LazyLock::new(|| regex(r"(?:^|[^0-9-])([1-9][0-9]{5})(?:[^0-9-]|$)"));

/// The text up to where an address cannot go on.
fn cut(text: &str) -> &str {
    let end = END.as_ref().and_then(|regex| regex.find(text)).map_or(text.len(), |found| found.start());
    text.get(..end).unwrap_or(text).trim().trim_end_matches(['、', '，', ',', '。', '/', '|', '(', '（', '.'])
}

/// Whether the text holds characters of one of these scripts.
pub(super) fn is_east_asian(text: &str) -> bool {
    text.chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '〒'))
}

/// Japanese: `〒392-0099 長野県諏訪市湖南9999-1`. Without a code only text that
/// begins with a prefecture counts.
pub(super) fn japanese(text: &str) -> Option<Found> {
    let code = JAPANESE_CODE.as_ref()?.captures(text);
    let (zip, rest) = match &code {
        Some(found) => {
            let zip = format!("{}-{}", &found[1], &found[2]);
            let at = found.get(2).map_or(0, |digits| digits.end());
            (zip, text.get(at..).unwrap_or_default())
        }
        None => (String::new(), text),
    };
    let mut rest =
        cut(rest.trim_start_matches(|c: char| {
            c.is_whitespace() || matches!(c, ')' | '）' | ':' | '、' | ',' | ']' | '］')
        }));
    if zip.is_empty() {
        rest = after_label(rest);
    }
    let parts = JAPANESE.as_ref()?.captures(rest)?;
    let state = parts.get(1).map_or("", |part| part.as_str());
    let street = parts.get(3).map_or("", |part| part.as_str()).trim();
    if zip.is_empty()
        && (state.is_empty() || !street.contains(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c)))
    {
        return None;
    }
    if street.len() > 200 || street.contains(['。', '！', '？', 'を', 'で']) {
        return None;
    }
    let (street1, street2) = split_building(street);
    let address = Address {
        state: state.to_owned(),
        zip,
        city: parts.get(2).map_or("", |part| part.as_str()).replace(' ', ""),
        street1,
        street2,
        ..Address::default()
    };
    Some(Found { address, country: "JP" })
}

/// What stands before an address in a table's cell or a sentence.
fn after_label(text: &str) -> &str {
    let Some((label, rest)) = text.split_once([':', '：', ' ']) else { return text };
    if label.chars().count() <= 8 && super::words::role(label).is_some() { rest.trim_start() } else { text }
}

/// The number of the house ends the street; after a blank the building begins.
fn split_building(street: &str) -> (String, String) {
    let numbered =
        |text: &str| text.ends_with(|c: char| c.is_ascii_digit() || matches!(c, '号' | '地' | '目' | '號' | '호'));
    for (at, _) in street.match_indices([' ', '　', ',', '，', '(', '（']) {
        let (first, second) = street.split_at(at);
        if numbered(first.trim_end()) {
            let second =
                second.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '(' | ')' | '（' | '）'));
            return (first.trim().to_owned(), second.to_owned());
        }
    }
    (street.to_owned(), String::new())
}

/// Chinese and Taiwanese. `around` is the text in which the code may stand.
pub(super) fn chinese(text: &str, around: &str) -> Option<Found> {
    if text.contains(|c: char| matches!(c, '\u{3040}'..='\u{30ff}' | '〒')) {
        return None;
    }
    let text = cut(after_label(
        text.trim_start_matches(|c: char| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '(' | ')')),
    ));
    let text = text.strip_prefix("中国").or(text.strip_prefix("中國")).unwrap_or(text);
    let parts = CHINESE.as_ref()?.captures(text)?;
    let part = |index: usize| parts.get(index).map_or("", |part| part.as_str()).trim();
    let (state, city, street) = (part(1), part(2), part(3));
    // A house number or building must be named, and the place it is in.
    let numbered = street.contains(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
    let street_word = street.contains(['路', '街', '道', '号', '號', '巷', '园', '園', '村', '厦', '厦']);
    if city.is_empty() || !numbered || !street_word || street.len() > 180 || street.contains(['。', '，', '的', '了'])
    {
        return None;
    }
    let traditional = text.contains(['號', '區', '縣', '樓', '臺', '鄉', '園'])
        || text.starts_with("台北")
        || text.starts_with("台中");
    let zip =
        CHINESE_CODE.as_ref().and_then(|regex| regex.captures(around)).map_or(String::new(), |code| code[1].to_owned());
    let country = if traditional { "TW" } else { "CN" };
    let address = Address {
        state: state.to_owned(),
        zip: if traditional { taiwanese_code(around) } else { zip },
        city: city.to_owned(),
        street1: street.to_owned(),
        ..Address::default()
    };
    Some(Found { address, country })
}

/// Three to six digits in front of a Taiwanese address.
fn taiwanese_code(text: &str) -> String {
    let start = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
    let digits: String = text.get(start..).unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
    let city_follows = text.get(start + digits.len()..).is_some_and(|rest| {
        rest.trim_start_matches([' ', ')', '）'])
            .starts_with(|c: char| matches!(c, '\u{4e00}'..='\u{9fff}') && !"號号樓楼巷弄段室".contains(c))
    });
    if (3..=6).contains(&digits.len()) && city_follows { digits } else { String::new() }
}

/// Korean: `(우) 21699 인천광역시 남동구 한빛로 99`.
pub(super) fn korean(text: &str, around: &str) -> Option<Found> {
    let parts = KOREAN.as_ref()?.captures(text)?;
    let part = |index: usize| parts.get(index).map_or("", |part| part.as_str()).trim();
    let (state, city, street) = (part(1), part(2), part(3));
    // Floor and room go on with the street, the quarter and the building's name
    // stand in brackets after it.
    let rest = cut(parts.get(4).map_or("", |part| part.as_str()));
    let (unit, aside) = rest.split_once(['(', '（']).unwrap_or((rest, ""));
    let trim = |text: &str| {
        let text = text
            .trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '|' | '/' | '[' | ']' | '우'));
        if text.chars().count() > 40 || text.contains('@') { String::new() } else { text.to_owned() }
    };
    let zip =
        KOREAN_CODE.as_ref().and_then(|regex| regex.captures(around)).map_or(String::new(), |code| code[1].to_owned());
    let (unit, aside) = (trim(&unit.replace(&zip, "")), trim(&aside.replace(&zip, "")));
    let country = Country::from_code("KR")?;
    let full = State::find(country, state).map_or(state, |state| state.name);
    // A metropolitan city without a district is both.
    let (state, city) =
        if city.is_empty() { ("", state) } else { (if state.ends_with(['시', '도']) { state } else { full }, city) };
    // The ward of a city that is in a province goes with the street.
    let (city, ward) = city.split_once(char::is_whitespace).unwrap_or((city, ""));
    let join = |parts: [&str; 2], between: &str| {
        parts.map(str::trim).into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(between)
    };
    let address = Address {
        state: state.to_owned(),
        zip,
        city: city.to_owned(),
        street1: join([&join([ward, street], " "), &unit], ", "),
        street2: aside,
        ..Address::default()
    };
    Some(Found { address, country: "KR" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_expressions_are_valid() {
        for regex in [&END, &JAPANESE_CODE, &JAPANESE, &CHINESE, &KOREAN, &KOREAN_CODE, &CHINESE_CODE] {
            assert!(regex.is_some());
        }
    }
}
