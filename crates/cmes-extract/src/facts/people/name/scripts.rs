//! Names in scripts without capitals, and in those without blanks.

use super::super::titles;
use super::{ADDRESSES, NOT_NAMES, is_mark, is_one_of};

/// Letters without upper and lower case: Arabic, Hebrew, Indic scripts.
pub(super) fn is_caseless(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{900}'..='\u{dff}' | '\u{10a0}'..='\u{10ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}')
}

/// Titles that stay a part of the name, as they stand before it.
const TITLES: &[&str] = &[
    "אינג'",
    "אינג׳",
    "ד\"ר",
    "ד״ר",
    "פרופ'",
    "פרופ׳",
    "עו\"ד",
    "עו״ד",
    "רו\"ח",
    "רו״ח",
    "אדר'",
    "אדר׳",
    "הרב",
    "م.",
    "م/",
    "د.",
    "د/",
    "أ.",
    "أ.د",
    "أ.د.",
    "أ/",
    "ا.",
    "المهندس",
    "المهندسة",
    "الدكتور",
    "الدكتورة",
    "الأستاذ",
    "الأستاذة",
    "الشيخ",
    "دکتر",
    "مهندس",
];
/// Forms of address, which are left out.
const FORMS: &[&str] = &["מר", "גב'", "גב׳", "גברת", "السيد", "السيدة", "السادة", "آقای", "خانم"];

/// The titles at the beginning of a text, and the rest.
fn title_and_rest(text: &str) -> (Vec<&str>, &str) {
    let (mut titles, mut rest) = (Vec::new(), text.trim_start());
    while let Some((word, after)) = rest.split_once(' ') {
        if TITLES.contains(&word) {
            titles.push(word);
        } else if !FORMS.contains(&word) {
            break;
        }
        rest = after.trim_start();
    }
    (titles, rest)
}

/// A name with a title that is written with marks which no name has
/// (`ד"ר`, `م/`); `None` without such a title.
pub(super) fn titled(text: &str) -> Option<Option<String>> {
    if !text.starts_with(is_caseless) {
        return None;
    }
    let (titles, rest) = title_and_rest(text);
    (!titles.is_empty() || rest.len() < text.trim_start().len()).then(|| {
        let name = caseless(rest)?;
        Some(titles.into_iter().chain([name.as_str()]).collect::<Vec<_>>().join(" "))
    })
}

/// Names in scripts without capitals: two to five words, none of them a usual one.
pub(super) fn caseless(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().filter(|word| !is_one_of(word, ADDRESSES)).collect();
    let letter = |c: char| c.is_alphabetic() || is_mark(c) || matches!(c, '-' | '\'' | '׳' | '\u{64b}'..='\u{655}');
    let fine = |word: &&str| {
        word.chars().count() >= 2 && word.chars().all(letter) && !NOT_NAMES.contains(*word) && !titles::is_word(word)
    };
    // With the article stand things, or family names.
    let begins = words.first().is_some_and(|word| !word.starts_with("ال"));
    ((2..=5).contains(&words.len()) && begins && words.iter().all(fine)).then(|| words.join(" "))
}

/// Frequent Chinese and Korean family names; a name without blanks begins with one.
const CHINESE: &str = "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鐘汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文施洪季柳纪俞翁章鲁魯葛柏樊牛殷倪严嚴温芦路左莫齐管耿祝鲍申向";
const KOREAN: &str = "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용";

/// The part of a name in its own script, where it is given in Latin letters as
/// well: `吴莉莉 Lily Wu`, `Lily Wu 吴莉莉`.
pub(super) fn without_latin(text: &str) -> Option<String> {
    let (mut own, mut latin) = (Vec::new(), 0);
    for word in text.split_whitespace() {
        if word.chars().all(titles::is_unspaced) {
            own.push(word);
        } else if word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.chars().all(|c| c.is_ascii_alphabetic() || c == '.')
        {
            latin += 1;
        } else {
            return None;
        }
    }
    (!own.is_empty() && (1..=3).contains(&latin)).then(|| own.join(" "))
}

/// Chinese, Japanese and Korean names.
pub(super) fn unspaced(text: &str) -> Option<String> {
    let bare = ["先生", "女士", "小姐", "氏", "様", "님", "씨"]
        .iter()
        .find_map(|end| text.strip_suffix(end))
        .unwrap_or(text)
        .trim();
    let letters: Vec<char> = bare.chars().filter(|c| !c.is_whitespace()).collect();
    let own = |c: char| titles::is_unspaced(c) || matches!(c, '々' | '・' | 'ー' | 'ヶ');
    if !letters.iter().all(|c| own(*c)) || titles::is_word(bare) || NOT_UNSPACED.iter().any(|word| bare.contains(word))
    {
        return None;
    }
    let words = bare.split_whitespace().count();
    let first = letters.first()?;
    if letters.iter().all(|c| ('\u{ac00}'..='\u{d7af}').contains(c)) {
        let fits = (2..=4).contains(&letters.len()) && words <= 2 && KOREAN.contains(*first);
        return fits.then(|| bare.to_owned());
    }
    let japanese =
        words == 2 && bare.split_whitespace().all(|word| (1..=4).contains(&word.chars().count())) && letters.len() <= 7;
    let chinese = words == 1
        && (2..=4).contains(&letters.len())
        && (CHINESE.contains(*first) || ["欧阳", "司马", "上官", "诸葛"].iter().any(|n| bare.starts_with(n)));
    (japanese || chinese).then(|| bare.to_owned())
}

/// What stands beside titles in tables and is no name.
const NOT_UNSPACED: &[&str] = &[
    "소속",
    "성명",
    "직위",
    "직책",
    "담당",
    "업무",
    "비고",
    "구분",
    "姓名",
    "职务",
    "部门",
    "備考",
    "役職",
    "氏名",
    "役員",
    "会社",
    "公司",
    "株式",
    "有限",
    "概要",
    "お問",
    "製品",
    "事業",
    "所在",
    "住所",
    "電話",
    "代表",
    "本社",
    "工場",
    "資本",
    "設立",
    "従業",
    "営業",
    "採用",
    "情報",
    "挨拶",
    "ご",
    "一覧",
    "东京",
    "北京",
    "上海",
    "广州",
    "深圳",
    "杭州",
    "中国",
    "地址",
    "电话",
    "联系",
    "我们",
    "手机",
    "手機",
    "邮箱",
    "邮件",
    "传真",
    "微信",
    "携帯",
    "内線",
    "メール",
    "휴대",
    "이메일",
    "메일",
    "팩스",
    "产品",
    "中心",
    "新闻",
    "关于",
    "首页",
    "人才",
    "服务",
    "资质",
    "荣誉",
    "团队",
    "会社소개",
    "회사",
    "소개",
    "제품",
    "문의",
    "주소",
    "전화",
    "대표",
    "고객",
    "센터",
    "안내",
    "이용",
    "약관",
    "개인",
    "정보",
    "공지",
    "사업",
    "팀",
    "部",
    "課",
    "室",
    "社員",
    "市",
    "県",
    "省",
    "区",
    "经营",
    "管理",
    "인사말",
    "인사",
    "조직",
    "연혁",
    "비전",
    "오시는",
    "채용",
    "메뉴",
    "서비스",
    "솔루션",
    "기술",
    "지원",
    "영업",
    "본사",
    "지사",
    "예약",
    "상담",
    "안녕",
    "홈페이지",
    "友情",
    "链接",
    "公告",
    "招聘",
    "证书",
    "工艺",
    "设备",
    "车间",
    "产业",
    "集团",
    "商城",
    "欢迎",
    "营业",
    "时间",
    "周一",
    "二维码",
    "扫一扫",
    "関連",
    "沿革",
    "理念",
    "求人",
    "職種",
    "応募",
    "募集",
    "給与",
    "勤務",
    "休日",
    "福利",
    "先輩",
    "店舗",
    "支店",
    "本店",
    "工事",
    "施工",
    "実績",
    "製造",
    "品質",
    "技術",
];
