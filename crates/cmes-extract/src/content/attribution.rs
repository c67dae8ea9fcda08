//! The line above quoted text that says when who wrote it.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use regex::Regex;

use super::mail::Mailbox;
use crate::facts::emails::scan;
use crate::words;

static VERBS: LazyLock<AhoCorasick> = LazyLock::new(|| words::finder(&words::list(include_str!("verbs.txt"))));

/// A year and a time of day. Mail programs of some languages write date and
/// address without a verb.
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:\b|\D)20\d\d(?:\D|$)|\b\d{1,2}[./-]\d{1,2}[./-]\d{2}\b").expect("a fixed pattern")
});
static TIME: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\b\d{1,2}[:.hH時点시]\s?\d{2}").expect("a fixed pattern"));

/// Longest line, and longest of what was broken into several, in bytes.
const LONGEST: usize = 400;

/// `On … wrote:` in many languages, over up to three lines: whom it quotes and
/// how many lines it takes.
pub(super) fn find(lines: &[&str], at: usize) -> Option<(Mailbox, usize)> {
    let mut joined = String::new();
    for used in 1..=3 {
        let line = lines.get(at + used - 1)?.trim();
        if line.is_empty() || joined.len() + line.len() > LONGEST {
            return None;
        }
        joined.push_str(line);
        joined.push(' ');
        if line.ends_with([':', '：', '>', ')', '.', '۔']) && says_who(joined.trim_end()) {
            let address = scan::addresses(&joined).into_iter().next().unwrap_or_default();
            return Some((Mailbox { address, ..Mailbox::default() }, used));
        }
    }
    None
}

fn says_who(text: &str) -> bool {
    let address = text.contains('@');
    let dated = DATE.is_match(text);
    let verb = || VERBS.is_match(&text.to_lowercase());
    if text.ends_with([':', '：']) {
        return (dated || address) && verb() || address && dated && TIME.is_match(text);
    }
    // Programs that put the verb before the name end without a colon.
    address && dated && TIME.is_match(text) && verb() && text.len() < 200
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let lines: Vec<&str> = text.lines().collect();
        let found = find(&lines, 0).map(|(from, used)| {
            assert_eq!(used, lines.len(), "{text}");
            from.address
        });
        assert_eq!(found.as_deref(), expected, "{text}");
    }

    #[test]
    fn what_mail_programs_write_above_quotations() {
        for text in [
            "On Mon, Feb 2, 2026 at 9:00 AM Ann Lee <a@firma.de> wrote:",
            "On Mon, Feb 2, 2026 at 9:00 AM Ann Lee\n<a@firma.de> wrote:",
            "On 2/2/26, 9:00 AM, \"Ann Lee\" <a@firma.de> wrote:",
            "Am Mo., 2. Feb. 2026 um 09:00 Uhr schrieb Ann Lee <a@firma.de>:",
            "Am 02.02.26 um 09:00 schrieb Ann Lee (a@firma.de):",
            "Ann Lee <a@firma.de> schrieb am Mo., 2. Feb. 2026, 09:00:",
            "Le lun. 2 févr. 2026 à 09:00, Ann Lee <a@firma.de> a écrit :",
            "El lun, 2 feb 2026 a las 9:00, Ann Lee (<a@firma.de>) escribió:",
            "Missatge de Ann Lee <a@firma.de> del dia dl., 2 de febr. 2026 a les 9:00:",
            "Em seg., 2 de fev. de 2026 às 09:00, Ann Lee <a@firma.de> escreveu:",
            "Il giorno lun 2 feb 2026 alle ore 09:00 Ann Lee <a@firma.de> ha scritto:",
            "Op ma 2 feb 2026 om 09:00 schreef Ann Lee <a@firma.de>:",
            "Den mån 2 feb. 2026 kl 09:00 skrev Ann Lee <a@firma.de>:",
            "Den man. 2. feb. 2026 kl. 09.00 skrev Ann Lee <a@firma.de>:",
            "man. 2. feb. 2026 kl. 09:00 skrev Ann Lee <a@firma.de>:",
            "ma 2. helmik. 2026 klo 9.00 Ann Lee (a@firma.de) kirjoitti:",
            "pon., 2 lut 2026 o 09:00 Ann Lee <a@firma.de> napisał(a):",
            "W dniu 2.02.2026 o 09:00, Ann Lee <a@firma.de> pisze:",
            "po 2. 2. 2026 v 9:00 odesílatel Ann Lee <a@firma.de> napsal:",
            "po 2. 2. 2026 o 9:00 Ann Lee <a@firma.de> napísal(a):",
            "Ann Lee <a@firma.de> ezt írta (időpont: 2026. febr. 2., H, 9:00):",
            "În lun., 2 feb. 2026 la 09:00, Ann Lee <a@firma.de> a scris:",
            "На пн, 2.02.2026 г. в 9:00 Ann Lee <a@firma.de> написа:",
            "пн, 2 февр. 2026 г. в 09:00, Ann Lee <a@firma.de>:",
            "02.02.2026, 09:00, \"Ann Lee\" <a@firma.de>:",
            "Понедельник, 2 февраля 2026, 9:00 +03:00 от Ann Lee <a@firma.de>:",
            "02.02.2026 9:00, Ann Lee <a@firma.de> пишет:",
            "пн, 2 лют. 2026 р. о 09:00 Ann Lee <a@firma.de> пише:",
            "Στις Δευ 2 Φεβ 2026 στις 9:00 π.μ., ο/η Ann Lee <a@firma.de> έγραψε:",
            "Ann Lee <a@firma.de>, 2 Şub 2026 Pzt, 09:00 tarihinde şunu yazdı:",
            "pon, 2. velj 2026. u 09:00 Ann Lee <a@firma.de> napisao je:",
            "V V pon., 2. feb. 2026 ob 09:00 je oseba Ann Lee <a@firma.de> napisala:",
            "2026-02-02, pr, 09:00 Ann Lee <a@firma.de> rašė:",
            "pirmd., 2026. g. 2. febr., plkst. 09:00 — lietotājs Ann Lee (<a@firma.de>) rakstīja:",
            "Kuupäev E, 2. veebruar 2026 kell 09:00 kirjutas Ann Lee <a@firma.de>:",
            "في الاثنين، 2 فبراير 2026 في 9:00 ص تمت كتابة ما يلي بواسطة Ann Lee <a@firma.de>:",
            "בתאריך יום ב׳, 2 בפבר׳ 2026 ב-9:00 מאת Ann Lee <a@firma.de>:",
            "در تاریخ دوشنبه ۲ فوریه 2026 ساعت 9:00 Ann Lee <a@firma.de> نوشت:",
            "ในวันที่ จ. 2 ก.พ. 2026 เวลา 09:00 Ann Lee <a@firma.de> เขียนว่า:",
            "Vào Th 2, 2 thg 2, 2026 vào lúc 09:00 Ann Lee <a@firma.de> đã viết:",
            "Pada Sen, 2 Feb 2026 pukul 09.00 Ann Lee <a@firma.de> menulis:",
            "सोम, 2 फ़र॰ 2026 को 9:00 am बजे को Ann Lee <a@firma.de> ने लिखा:",
            "Ann Lee <a@firma.de> 于2026年2月2日周一 09:00写道：",
            "在 2026-02-02 09:00:00，\"Ann Lee\" <a@firma.de> 写道：",
            "Ann Lee <a@firma.de> 於 2026年2月2日 週一 上午9:00寫道：",
            "2026年2月2日(月) 9:00 Ann Lee <a@firma.de>:",
            "2026년 2월 2일 (월) 오전 9:00, Ann Lee <a@firma.de>님이 작성:",
        ] {
            check(text, Some("a@firma.de"));
        }
        check("On Feb 2, 2026, at 9:00 AM, Ann Lee wrote:", Some(""));
        check("Am 02.02.2026 um 09:00 schrieb Ann Lee:", Some(""));
        check("2026年2月2日 9:00、Ann Leeのメール:", Some(""));
    }

    #[test]
    fn other_lines_that_end_with_a_colon() {
        for text in [
            "Please note:",
            "She wrote:",
            "Contact: a@firma.de",
            "Our offer of 2026:",
            "Meet us on 2 Feb 2026 at 9:00.",
            "Write to a@firma.de",
            "",
        ] {
            check(text, None);
        }
    }
}
