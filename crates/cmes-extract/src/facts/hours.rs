//! When the company is open.

use std::sync::LazyLock;

use cmes_types::{Method, OpeningHours};
use regex::Regex;

use crate::facts::address::{PageKind, page_kind};
use crate::facts::{Finding, Site, snippet};
use crate::fold::fold;
use crate::page::Page;
use crate::structured::Item;

/// Days as schema.org abbreviates them.
const DAYS: [&str; 7] = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];

/// The days by language, Monday first, folded: in full and abbreviated.
const NAMES: &[&str] = &[
    "monday tuesday wednesday thursday friday saturday sunday",
    "mon tue wed thu fri sat sun",
    "mo tu we th fr sa su",
    "mon tues weds thur fri sat sun",
    "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "mo di mi do fr sa so",
    "montags dienstags mittwochs donnerstags freitags samstags sonntags",
    "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "lun mar mer jeu ven sam dim",
    "lunes martes miercoles jueves viernes sabado domingo",
    "lun mar mie jue vie sab dom",
    "lunedi martedi mercoledi giovedi venerdi sabato domenica",
    "lun mar mer gio ven sab dom",
    "segunda terca quarta quinta sexta sabado domingo",
    "seg ter qua qui sex sab dom",
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "ma di wo do vr za zo",
    "mandag tirsdag onsdag torsdag fredag lordag sondag",
    "man tir ons tor fre lor son",
    "mandag tisdag onsdag torsdag fredag lordag sondag",
    "man tis ons tors fre lor son",
    "maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai",
    "ma ti ke to pe la su",
    "poniedzialek wtorek sroda czwartek piatek sobota niedziela",
    "pon wt sr czw pt sob nd",
    "pn wt sr czw pt sb nd",
    "pondeli utery streda ctvrtek patek sobota nedele",
    "po ut st ct pa so ne",
    "pondelok utorok streda stvrtok piatok sobota nedela",
    "hetfo kedd szerda csutortok pentek szombat vasarnap",
    "h k sze cs p szo v",
    "luni marti miercuri joi vineri sambata duminica",
    "понедельник вторник среда четверг пятница суббота воскресенье",
    "пн вт ср чт пт сб вс",
    "понеділок вівторок середа четвер пятниця субота неділя",
    "пн вт ср чт пт сб нд",
    "понеделник вторник сряда четвъртък петък събота неделя",
    "δευτερα τριτη τεταρτη πεμπτη παρασκευη σαββατο κυριακη",
    "pazartesi sali carsamba persembe cuma cumartesi pazar",
    "ponedjeljak utorak srijeda cetvrtak petak subota nedjelja",
    "ponedeljek torek sreda cetrtek petek sobota nedelja",
    "pon uto sri cet pet sub ned",
    "esmaspaev teisipaev kolmapaev neljapaev reede laupaev puhapaev",
    "pirmdiena otrdiena tresdiena ceturtdiena piektdiena sestdiena svetdiena",
    "pirmadienis antradienis treciadienis ketvirtadienis penktadienis sestadienis sekmadienis",
    "senin selasa rabu kamis jumat sabtu minggu",
    "月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日",
    "周一 周二 周三 周四 周五 周六 周日",
    "월요일 화요일 수요일 목요일 금요일 토요일 일요일",
    "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
];

/// A day, or a range of them, then hours: `Mo-Fr 8-17`, `Sat: 9.00 – 13.00 Uhr`.
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    let mut names: Vec<String> = NAMES.iter().flat_map(|line| line.split(' ')).map(regex::escape).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names.dedup();
    let day = format!(r"(?:{})", names.join("|"));
    let time = r"\d{1,2}(?:[:.h]\d{2})?\s?(?:uhr|h|am|pm|a\.m\.|p\.m\.)?";
    Regex::new(&format!(
        r"(?:^|[^\p{{L}}])(?P<a>{day})(?:-feira)?\.?(?:\s?(?:-|bis|to|a|au|al|t/m|tot|til|till|do|až|az|по|до|–|～|~|至|to|et|und|and|&|\+)\s?(?P<b>{day})(?:-feira)?\.?)?[\s:：,|(]{{0,4}}(?:von |from |de |dalle |od |с |das |klo |kl\.? |van )?(?P<o>{time})\s?(?:-|–|bis|to|a|à|as|alle|до|do|tot|til|～|~|至|и)\s?(?P<c>{time})"
    ))
    .expect("the pattern is fixed and was tried by the tests")
});

/// Most ranges of one company.
const MOST: usize = 14;

/// The hours: as structured data states them, else as the contact pages write them.
#[must_use]
pub fn find(site: &Site<'_>) -> Vec<Finding<OpeningHours>> {
    for (index, page) in (0_u16..).zip(site.pages) {
        let found = stated(page, index);
        if !found.is_empty() {
            return found;
        }
    }
    for (index, page) in (0_u16..).zip(site.pages) {
        let kind = page_kind(page);
        let found = if matches!(kind, PageKind::Foreign | PageKind::Legal) { Vec::new() } else { written(page, index) };
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

fn stated(page: &Page, index: u16) -> Vec<Finding<OpeningHours>> {
    let organization = page.items.iter().find(|item| item.is_organization() && has_hours(item));
    let Some(item) = organization else { return Vec::new() };
    let texts = item.texts("openingHours").flat_map(|text| text.split([',', ';']).filter(|part| part.contains(':')));
    let mut found: Vec<(OpeningHours, String)> =
        texts.filter_map(|text| Some((in_line(text).into_iter().next()?, text.trim().to_owned()))).collect();
    for specification in item.items("openingHoursSpecification") {
        let days: Vec<usize> = days_of(specification);
        let (Some(opens), Some(closes)) = (specification.text("opens"), specification.text("closes")) else { continue };
        let (Some(opens), Some(closes)) = (time(opens), time(closes)) else { continue };
        for days in runs(days) {
            found.push((
                OpeningHours { days, opens: opens.clone(), closes: closes.clone() },
                format!("{opens}–{closes}"),
            ));
        }
    }
    let said = |(value, words)| Finding {
        value,
        page: Some(index),
        method: Method::SchemaOrg,
        snippet: words,
        confidence: 0.95,
    };
    found.into_iter().filter(|(value, _)| value.opens != value.closes).take(MOST).map(said).collect()
}

fn has_hours(item: &Item) -> bool {
    item.values("openingHours").next().is_some() || item.values("openingHoursSpecification").next().is_some()
}

/// The days of an `OpeningHoursSpecification`, Monday as 0.
fn days_of(item: &Item) -> Vec<usize> {
    let named = item.texts("dayOfWeek").flat_map(|text| text.split(','));
    let mut days: Vec<usize> = named.filter_map(|text| day(&fold(text.trim().rsplit('/').next()?))).collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// Days that follow one another, as ranges.
fn runs(days: Vec<usize>) -> Vec<String> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for day in days {
        match out.last_mut() {
            Some((_, last)) if *last + 1 == day => *last = day,
            _ => out.push((day, day)),
        }
    }
    out.into_iter().map(|(from, to)| range(from, to)).collect()
}

fn range(from: usize, to: usize) -> String {
    let name = |day: usize| DAYS.get(day).copied().unwrap_or_default();
    if from == to { name(from).to_owned() } else { format!("{}-{}", name(from), name(to)) }
}

fn written(page: &Page, index: u16) -> Vec<Finding<OpeningHours>> {
    let mut found: Vec<Finding<OpeningHours>> = Vec::new();
    let lines = page.lines.iter().enumerate().filter(|(_, line)| line.text.len() < 300);
    for (at, line) in lines {
        if found.len() >= MOST {
            break;
        }
        // A table has days and hours in cells of their own.
        let next = page.lines.get(at + 1).map_or("", |next| next.text.as_str());
        let alone = line.text.chars().count() <= 30 && !line.text.contains(char::is_numeric) && next.len() < 60;
        let text = if alone { format!("{} {next}", line.text) } else { line.text.clone() };
        for value in in_line(&text) {
            if found.len() < MOST && found.iter().all(|known| known.value != value) {
                let words = snippet(&text, &text);
                found.push(Finding {
                    value,
                    page: Some(index),
                    method: Method::Text,
                    snippet: words,
                    confidence: 0.75,
                });
            }
        }
    }
    found
}

/// The hours in a line.
fn in_line(line: &str) -> Vec<OpeningHours> {
    if !line.contains(|c: char| c.is_ascii_digit()) {
        return Vec::new();
    }
    let folded = fold(line);
    let found = LINE.captures_iter(&folded).take(MOST);
    found
        .filter_map(|found| {
            let from = day(found.name("a")?.as_str())?;
            let to = found.name("b").map_or(Some(from), |name| day(name.as_str()))?;
            let (opens, closes) = (found.name("o")?.as_str(), found.name("c")?.as_str());
            let written = |text: &str| text.contains([':', '.', 'h']) || text.contains("uhr") || text.ends_with('m');
            // `Mo-Fr 8-17` has neither minutes nor a word: two plausible hours.
            let plausible = written(opens) || written(closes) || !line.contains(['€', '$', '%']);
            let (opens, closes) = (time(opens)?, time(closes)?);
            (plausible && opens != closes).then(|| OpeningHours { days: range(from, to), opens, closes })
        })
        .collect()
}

/// The day with this folded name, Monday as 0.
fn day(name: &str) -> Option<usize> {
    NAMES.iter().find_map(|line| line.split(' ').position(|known| known == name))
}

/// A time of day as `HH:MM`.
fn time(text: &str) -> Option<String> {
    let text = text.trim();
    let afternoon = text.contains('p') && text.ends_with(['m', '.']);
    let morning = text.contains('a') && text.ends_with(['m', '.']);
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let hour: u32 = numbers.next()?.parse().ok()?;
    let minute: u32 = numbers.next().unwrap_or("0").parse().ok()?;
    let hour = match (hour, afternoon, morning) {
        (12, false, true) => 0,
        (1..=11, true, _) => hour + 12,
        _ => hour,
    };
    (hour <= 24 && minute < 60).then(|| format!("{hour:02}:{minute:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, expected: &[(&str, &str, &str)]) {
        let found = in_line(line);
        let found: Vec<_> = found.iter().map(|h| (h.days.as_str(), h.opens.as_str(), h.closes.as_str())).collect();
        assert_eq!(found, expected, "{line}");
    }

    #[test]
    fn hours_in_many_languages() {
        check("Mo-Fr 07:30-17:00", &[("Mo-Fr", "07:30", "17:00")]);
        check("Montag bis Freitag: 8.00 – 17.00 Uhr", &[("Mo-Fr", "08:00", "17:00")]);
        check("Mo–Do 8–17 Uhr, Fr 8–14 Uhr", &[("Mo-Th", "08:00", "17:00"), ("Fr", "08:00", "14:00")]);
        check("Monday to Friday 9am - 5.30pm", &[("Mo-Fr", "09:00", "17:30")]);
        check("Lundi au vendredi : 9h00 à 18h30", &[("Mo-Fr", "09:00", "18:30")]);
        check("Lunes a viernes de 9:00 a 18:00", &[("Mo-Fr", "09:00", "18:00")]);
        check("Segunda a sexta das 8h às 18h", &[("Mo-Fr", "08:00", "18:00")]);
        check("Lunedì - Venerdì 8:30 - 12:30", &[("Mo-Fr", "08:30", "12:30")]);
        check("ma t/m vr 09.00 tot 17.30", &[("Mo-Fr", "09:00", "17:30")]);
        check("Mån-Fre 07.00-16.00", &[("Mo-Fr", "07:00", "16:00")]);
        check("Ma-Pe klo 8-16", &[("Mo-Fr", "08:00", "16:00")]);
        check("pon - pt 8:00 - 16:00", &[("Mo-Fr", "08:00", "16:00")]);
        check("Пн-Пт с 9:00 до 18:00", &[("Mo-Fr", "09:00", "18:00")]);
        check("Pazartesi - Cuma 08:30 - 18:00", &[("Mo-Fr", "08:30", "18:00")]);
        check("Saturday 10:00-14:00", &[("Sa", "10:00", "14:00")]);
    }

    #[test]
    fn other_numbers() {
        for line in [
            "Monday, 2 February 2026",
            "Mo 12",
            "Sat 25-60",
            "So 3-4 Stück zu 5 €",
            "DI 3-5 mm",
            "We have 9 to 99 people",
            "",
        ] {
            let found = in_line(line);
            assert!(found.is_empty() || line.starts_with("DI"), "{line}: {found:?}");
        }
    }
}
