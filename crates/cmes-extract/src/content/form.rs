//! Notifications of contact forms: what somebody typed into the fields of a
//! site, sent on by its machine. The enquirer is in the fields; the sender is
//! the one who is asked.

use std::collections::HashMap;
use std::sync::LazyLock;

use cmes_types::Address;

/// What a field of a form is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Name,
    First,
    Last,
    Company,
    Email,
    Phone,
    Website,
    Position,
    Street,
    Zip,
    City,
    /// Postal code and city at once.
    ZipCity,
    Country,
    Message,
    Other,
}

static LABELS: LazyLock<HashMap<&'static str, Kind>> = LazyLock::new(|| {
    include_str!("form.txt")
        .lines()
        .filter_map(|line| line.split_once(": "))
        .filter_map(|(kind, labels)| Some((by_name(kind)?, labels)))
        .flat_map(|(kind, labels)| labels.split('|').map(move |label| (label, kind)))
        .collect()
});

fn by_name(name: &str) -> Option<Kind> {
    Some(match name {
        "name" => Kind::Name,
        "first" => Kind::First,
        "last" => Kind::Last,
        "company" => Kind::Company,
        "email" => Kind::Email,
        "phone" => Kind::Phone,
        "website" => Kind::Website,
        "position" => Kind::Position,
        "street" => Kind::Street,
        "zip" => Kind::Zip,
        "city" => Kind::City,
        "plz-ort" => Kind::ZipCity,
        "country" => Kind::Country,
        "message" => Kind::Message,
        "other" => Kind::Other,
        _ => return None,
    })
}

/// The fields of a form, in order, each with its value.
#[derive(Clone, Debug, Default)]
pub(super) struct Form(Vec<(Kind, String)>);

/// Longest text that is read as a form, in lines.
const MOST_LINES: usize = 300;
/// Longest value that is no message, in characters.
const LONGEST_VALUE: usize = 200;

impl Form {
    /// The form in a text, if it is one: a labelled name, which no signature
    /// has, and a labelled way to reach it.
    pub(super) fn read(lines: &[String]) -> Option<Self> {
        let mut fields: Vec<(Kind, String)> = Vec::new();
        for line in lines.iter().take(MOST_LINES) {
            let line = line.trim().trim_start_matches(['*', '-', '•', '·', '■', '●', '▪', ' ']);
            match label(line) {
                Some((kind, value)) => fields.push((kind, value.to_owned())),
                // A table or a form with labels above gives the value its own line.
                None => match fields.last_mut() {
                    Some((_, value)) if value.is_empty() => line.clone_into(value),
                    Some((Kind::Message, value)) => {
                        value.push('\n');
                        value.push_str(line);
                    }
                    _ => {}
                },
            }
        }
        fields.retain(|(kind, value)| *kind == Kind::Message || value.chars().count() <= LONGEST_VALUE);
        let form = Self(fields);
        let is_named = [Kind::Name, Kind::First, Kind::Last].iter().any(|kind| form.has(*kind));
        let can_be_reached = form.get(Kind::Email).contains('@') || form.has(Kind::Phone);
        let kinds = [Kind::Email, Kind::Phone, Kind::Company, Kind::Message, Kind::Website, Kind::City, Kind::Position];
        let more = kinds.iter().filter(|kind| form.has(**kind)).count();
        (is_named && can_be_reached && more >= 2).then_some(form)
    }

    /// The first value of a kind; empty when there is none.
    pub(super) fn get(&self, kind: Kind) -> &str {
        self.0.iter().find(|(own, value)| *own == kind && !value.is_empty()).map_or("", |(_, value)| value)
    }

    fn has(&self, kind: Kind) -> bool {
        !self.get(kind).is_empty()
    }

    /// The name of who filled it in.
    pub(super) fn name(&self) -> String {
        let (whole, first, last) = (self.get(Kind::Name), self.get(Kind::First), self.get(Kind::Last));
        match (whole.is_empty(), first.is_empty(), last.is_empty()) {
            // `Nom : Dupont`, `Prénom : Marie`: the name beside a first name is the family's.
            (false, false, true) if !whole.contains(' ') => format!("{first} {whole}"),
            (false, true, false) if !whole.contains(' ') => format!("{whole} {last}"),
            (false, _, _) => whole.to_owned(),
            (true, _, _) => format!("{first} {last}").trim().to_owned(),
        }
    }

    /// The fields that are an address.
    pub(super) fn address(&self, country: Option<&str>) -> Address {
        let (zip, city) = match self.get(Kind::ZipCity).split_once(' ') {
            Some(both) => both,
            None => (self.get(Kind::Zip), self.get(Kind::City)),
        };
        Address {
            country: country.unwrap_or_default().to_owned(),
            zip: zip.to_owned(),
            city: city.to_owned(),
            street1: self.get(Kind::Street).to_owned(),
            ..Address::default()
        }
    }
}

/// The kind of a line that is a label with its value: `Firma: Acme`,
/// `[Firma] Acme`, `会社名：X`, or the label alone.
fn label(line: &str) -> Option<(Kind, &str)> {
    let line = crate::page::prefix(line, 20_000);
    let bracketed = line.strip_prefix(['[', '【', '［']).and_then(|rest| rest.split_once([']', '】', '］']));
    let (name, value) = match bracketed {
        Some((name, value)) => (name, value.trim_start_matches([':', '：', ' '])),
        None => line.split_once([':', '：', '\t']).unwrap_or((line, "")),
    };
    if name.chars().count() > 40 {
        return None;
    }
    let name = name.to_lowercase();
    // `Name*`, `E-Mail (Pflichtfeld)`.
    let name = name.split(['(', '（']).next().unwrap_or_default();
    let name = name.trim_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#' | '"' | '?'));
    // `Country/Region`, `Telefon / Mobil`.
    let kind = LABELS.get(name).or_else(|| LABELS.get(name.split('/').next().unwrap_or_default().trim()));
    kind.map(|kind| (*kind, value.trim().trim_matches('*').trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: [&str; 5]) {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let form = Form::read(&lines).unwrap_or_else(|| panic!("no form: {text}"));
        let found = [
            form.name(),
            form.get(Kind::Company).into(),
            form.get(Kind::Email).into(),
            form.get(Kind::Phone).into(),
            address(&form),
        ];
        assert_eq!(found, expected, "{text}");
    }

    fn address(form: &Form) -> String {
        let address = form.address(None);
        let parts = [address.street1, format!("{} {}", address.zip, address.city)];
        parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn forms_of_many_languages() {
        for (text, expected) in [
            (
                "New enquiry\n\nName: Ann Lee\nCompany: Firm Ltd\nEmail: a@firm.com\nPhone: 0161 496 0131\nMessage: Hello\nthere",
                ["Ann Lee", "Firm Ltd", "a@firm.com", "0161 496 0131", ""],
            ),
            (
                "First Name\nAnn\nLast Name\nLee\nEmail\na@firm.com\nCompany\nFirm Ltd",
                ["Ann Lee", "Firm Ltd", "a@firm.com", "", ""],
            ),
            (
                "Vorname: Ann\nNachname: Lee\nFirma: Firma GmbH\nStraße: Weg 1\nPLZ: 10115\nOrt: Berlin\nE-Mail-Adresse: a@firma.de",
                ["Ann Lee", "Firma GmbH", "a@firma.de", "", "Weg 1, 10115 Berlin"],
            ),
            (
                "Nom : Dupont\nPrénom : Marie\nSociété : Atelier\nCourriel : m@atelier.fr\nTéléphone : 01 23",
                ["Marie Dupont", "Atelier", "m@atelier.fr", "01 23", ""],
            ),
            (
                "Nombre: Ana\nApellidos: Ruiz Gil\nEmpresa: Taller SL\nCorreo electrónico: a@taller.es\nTeléfono: 963",
                ["Ana Ruiz Gil", "Taller SL", "a@taller.es", "963", ""],
            ),
            (
                "Nome e cognome: Luca Rossi\nAzienda: Rossi srl\nEmail: l@rossi.it\nMessaggio: ciao",
                ["Luca Rossi", "Rossi srl", "l@rossi.it", "", ""],
            ),
            (
                "Imię i nazwisko: Jan Nowak\nNazwa firmy: Fabryka\nAdres e-mail: j@fabryka.pl\nTreść wiadomości: x",
                ["Jan Nowak", "Fabryka", "j@fabryka.pl", "", ""],
            ),
            (
                "ФИО: Иванов Иван\nКомпания: Завод\nТелефон: 8 343\nСообщение: да",
                ["Иванов Иван", "Завод", "", "8 343", ""],
            ),
            (
                "【会社名】青空精密\n【お名前】田中 太郎\n【メールアドレス】t@aozora.jp\n【お問い合わせ内容】こんにちは",
                ["田中 太郎", "青空精密", "t@aozora.jp", "", ""],
            ),
            (
                "姓名：王伟\n公司名称：海成\n联系电话：138\n邮箱：w@haicheng.cn",
                ["王伟", "海成", "w@haicheng.cn", "138", ""],
            ),
            (
                "이름: 김민수\n회사명: 한빛\n이메일: k@hanbit.kr\n문의내용: 안녕",
                ["김민수", "한빛", "k@hanbit.kr", "", ""],
            ),
            (
                "الاسم: أحمد علي\nالشركة: الواحة\nالبريد الإلكتروني: a@oasis.ae\nرقم الهاتف: 04",
                ["أحمد علي", "الواحة", "a@oasis.ae", "04", ""],
            ),
            (
                "Ad Soyad: Ali Kaya\nŞirket: Kaya\nE-posta: a@kaya.tr\nMesaj: x",
                ["Ali Kaya", "Kaya", "a@kaya.tr", "", ""],
            ),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn signatures_and_letters_are_no_forms() {
        for text in [
            "Ann Lee\nFirm Ltd\nTel: 0161\nEmail: a@firm.com\nWeb: firm.com",
            "Name: Ann",
            "Hello\nplease call\nThanks",
            "Name:\nEmail:\nPhone:",
        ] {
            let lines: Vec<String> = text.lines().map(str::to_owned).collect();
            assert!(Form::read(&lines).is_none(), "{text}");
        }
    }
}
