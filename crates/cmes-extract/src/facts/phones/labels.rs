//! Words before (or behind) a number that say what it is.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::setting;
use crate::facts::emails::scan as mail;
use crate::facts::people::titles::is_unspaced;
use crate::words::Lists;

/// What the words next to a number say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    /// A telephone.
    Phone,
    /// A mobile telephone.
    Mobile,
    /// A fax machine.
    Fax,
    /// Telephone and fax at once.
    Both,
    /// Something else: a register, tax or bank number, an order number, a date.
    Other,
}

const PHONE: &str = "tel tél tél tele telf telef tlf tlfn tfno tfn tfo telefón telefono teléfono teléfonos telefonos telefon \
    telephone téléphone phone phones ph phn call calls hotline zentrale rufnummer fon ruf anruf anrufen rufen \
    rufnummern durchwahl puh puhelin vaihde puhelinvaihde p.: sími simi sími тел телефон телефоны телефону тлф звоните \
    позвоните τηλ τηλέφωνο τηλέφωνα τηλεφωνο telefone telefones fone fones tlp telp telpon telepon bel bellen \
    telefoonnummer telefoon appelez appeler llame llámenos llámanos llamar llama ligue chiama chiamaci zadzwoń zadzwon \
    dzwoń notdienst bereitschaft växel vx sentralbord sentralbordet switchboard reception rezeption zdzwoń zavolejte \
    volejte hívjon telefonszám telefonszámunk telefonas telefonai tālrunis talrunis tálr tlr telefoni телефонен \
    централа звонок phonenumber telefonnummer telno telnr telephoneno هاتف الهاتف تليفون تلفن تلفون اتصل للاتصال هواتف ت \
    טל טלפון टेलीफोन फोन दूरभाष โทร โทรศัพท์ điện thoại đt dt phoneno helpline infoline freephone tollfree talk ring \
    arayın arayin çağrı standard centralino centralita kundenservice kundendienst servicehotline serviceline \
    plantão plantao plantoes guardia urgencias urgences astreinte reperibilità emergenze notruf bereitschaftsdienst \
    dyżur dyspozytor pohotovost dispečink dispečer ügyelet conmutador pbx vagttelefon vakttelefon \
    helpdesk support tel.nr tel.no тел.: контактный telefony telefony: ✆ ☎ 📞 🕿 ☏ τηλεφωνικό σταθερό τηλεφ т телеф телефони централна ტელ ტელეფონი հեռ sđt freefone callcenter call-center फ़ोन دورنگارtelefonközpont ústředna spojovatelka centrala infolinia infolinka";
const MOBILE: &str = "mobil mobile mob mobiel cell cellphone handy gsm móvil movil móviles portable celular cel cellulare cell. \
    matkapuhelin komórka komorka kom kom. моб мобильный мобильные сотовый mobilnummer mobiltelefon whatsapp viber \
    wa wapp zap جوال الجوال موبايل محمول نقال متحرك همراه موبایل נייד hp cep gsm: mobilni mobitel mobilusis 📱 κιν κινητό κινητο мобилен мобільний сотовый сот telemóvel telemovel tlm мобилни סלולרי סלולר मोबाइल محمول موبایل مبایل mobiili celulare мобильник mobilní mobilny zalo";
const FAX: &str = "fax telefax faks telefaks facsimile факс факс/тел φαξ fax. faxnummer faxnr faxno telefaksi faksi faksas \
    fakss فاكس الفاكس فکس نمابر דואר-פקס פקס โทรสาร bélinographe télécopie telecopie télécopieur telecopieur fx 📠 🖷 ف τηλεομοιοτυπία téléfax belgegeçer belgegecer फैक्स ფაქსი ֆաքս تلفاكس نمابر факсимиле fakso telefakso faxszám";
const OTHER: &str = "vat ust ustid ustidnr uid uidnr umsatzsteuer umsatzsteuer-id steuernummer steuer steuernr steueridnr mwst \
    wst tva intracommunautaire siret siren rcs naf ape iva nif cif dni partita piva fiscale rea nip regon krs инн \
    огрн огрнип кпп бик окпо оквэд рс кс счет счёт корр cnpj cpf cnes kvk btw rsin abn acn arbn ein duns eori hrb hra \
    handelsregister registergericht amtsgericht registernummer register registered registration registration: reg \
    regno registrikood registro rejestr iban bic swift konto kontonr kontonummer blz bankleitzahl account acct sort \
    sortcode bankgiro bg plusgiro pg postgiro bankgirot giro orgnr orgnummer organisationsnummer org cvr y-tunnus \
    ytunnus ičo ico dič dic ič adószám adoszam cégjegyzékszám mersis vergi sicil order orders bestellnummer bestell \
    bestellnr artikel artikelnummer artnr art article art. item sku ean gtin isbn issn serial serien seriennummer \
    modell model part teil teilenummer ref reference référence referencia iso din ansi astm ip gps koordinaten \
    coordinates lat lng latitude longitude breite länge postfach postbus bp plz zip postal postcode cap индекс \
    лицензия лицензии licence license lizenz permit patent policy fn dvr gln atu che zvr zvr-zahl firmenbuch \
    firmenbuchnummer kundennummer kundennr customer-id invoice rechnung rechnungsnummer facture factura version \
    copyright © since seit depuis desde gegründet founded ab price preis prix precio cena цена eur euro usd gbp chf pln rub руб € \
    $ £ capital kapital stammkapital grundkapital datum date termin uhr hrs bis until from von charity ofsted gmc \
    fca cqc bankverbindung depot wkn isin cin gstin pan tin npwp siup rut ruc nit cuit rfc rif cui crn ubo lei \
    chamber kammer mitgliedsnummer betriebsnummer aktenzeichen az zulassung الضريبي السجل الرخصة التجاري الضريبية \
    سجل רישום עוסק ח.פ id nummer: ikb ikz ucrn uen company-no companyno gst hst qst ndis imo mmsi mc usdot lic cslb nmls mls npi qq skype wechat weixin icq telegram-id zalo-id kennitala бин иик иин кбе бін іін рнокпп єдрпоу едрпоу унп еик булстат пиб pib oib matični maticni jib davčna matična pvm pvn reģ reg.nr kmkr alv αφμ α.φ.μ δου γεμη μητρώο vkn tckn gstin llpin udyam fssai iec pesel bdo mst npwp nib tunnus moms momsnr vsk cage ndis abta atol iata naics sic ric rin rnc nrt crc crea crm oab cau cref aip ahpra medicare bsb artikelnr lieferscheinnummer versicherungsnummer policennummer sendungsnummer tracking trackingnummer zakázka objednávka zamówienie заказ заказа артикул договор ордер накладной свидетельство серия окато октмо фнс referencia  ordine commande reservering varenummer varenr tilbud fakturanr kundnr kundenr kvkk tsicil ticaret mersisno vergino cégjegyzék adóazonosító engedély nyilvántartási ntak nav statisztikai numărul înregistrare cui cod matricol codice sdi destinatario ateco capitale isee rui ivass albo iscrizione matricola inscrição estadual  crm cro crefito crn crmv susep creci cnae registrikood arve arveldusarve konto a/a  bignummer agb-code kvknummer bsn ina dic ruc rnc npi ein ssn ssm abn lei dic isap bce bnr registro matrícula matricula protocolo  nota visitors visits hits besucher besucherzähler visiteurs visitas visite visitatori посетителей посещений просмотров ziyaretçi bezoekers besökare besøgende kävijää odwiedzin návštěv";
/// Words that name a number without saying of what; they count when nothing
/// else does.
const WEAK: &str =
    "no nr num number numbers nummer numéro numero número n nº n° № номер nro č čís sz rakam numara رقم company";

/// Labels of several words, with dots, or of languages written without blanks.
/// The others begin a word; a later and longer one counts.
const PHRASES: &[(Label, &[&str])] = &[
    (
        Label::Phone,
        &[
            "電話",
            "电话",
            "電线",
            "座机",
            "热线",
            "熱線",
            "总机",
            "總機",
            "ダイヤル",
            "でんわ",
            "直通",
            "전화",
            "대표번호",
            "연락처",
            "고객센터",
            "직통",
            "โทร",
            "điện thoại",
            "الرقم الموحد",
            "קו נוסף",
        ],
    ),
    (Label::Mobile, &["携帯", "手机", "手機", "휴대폰", "핸드폰", "휴대전화", "มือถือ", "di động"]),
    (Label::Fax, &["传真", "傳真", "ファックス", "ファクス", "ファクシミリ", "ﾌｧｯｸｽ", "팩스", "โทรสาร", "แฟกซ์"]),
    (Label::Both, &["т/ф", "тел/факс", "تلفاكس", "تليفاكس", "تلفکس"]),
    (
        Label::Other,
        &[
            "登録番号",
            "法人番号",
            "求人番号",
            "注文番号",
            "商品番号",
            "口座番号",
            "証券コード",
            "許可",
            "信用代码",
            "备案",
            "备",
            "邮编",
            "郵便",
            "〒",
            "우편번호",
            "등록번호",
            "사업자",
            "통신판매",
            "신고",
            "账号",
            "帐号",
            "帳號",
            "账户",
            "口座",
            "계좌",
            "资本",
            "資本",
            "統一編號",
            "统一编号",
            "統編",
            "税号",
            "稅號",
            "纳税人",
            "开户",
            "開戶",
            "海关",
            "编码",
            "编号",
            "編號",
            "许可证",
            "货号",
            "貨號",
            "型号",
            "型號",
            "订单",
            "訂單",
            "微信号",
            "微信號",
            "工号",
            "เลขประจำตัว",
            "ทะเบียน",
            "mã số",
            "giấy phép",
            "số tài khoản",
            "giấy chứng nhận",
            "đkkd",
            "lượt truy cập",
            "truy cập",
            "访问量",
            "浏览量",
            "방문자",
            "アクセス数",
            "tcvn",
            "ח.פ",
            "ח\"פ",
            "ח״פ",
            "ע.מ",
            "ע\"מ",
            "ע״מ",
            "עוסק מורשה",
            "רישיון",
            "رقم التسجيل",
            "س.ت",
            "س . ت",
            "ر.ت",
            "السجل التجاري",
            "الرقم الضريبي",
            "رقم الترخيص",
            "شناسه ملی",
            "کد پستی",
            "р/с",
            "к/с",
            "р/р",
            "α.φ.μ",
            "γ.ε.μ.η",
            "α.μ.",
            "c.f.",
            "p.iva",
            "p. iva",
            "cod. fisc",
            "i.č.",
            "d.i.č",
            "bank transfer",
            "order id",
            "order no",
            "part no",
            "tracking no",
        ],
    ),
];

static PHRASE: LazyLock<Lists<Label>> =
    LazyLock::new(|| Lists::new(PHRASES.iter().map(|(label, phrases)| (*label, phrases.iter()))));

static WORDS: LazyLock<HashMap<&'static str, Option<Label>>> = LazyLock::new(|| {
    let lists = [
        (WEAK, None),
        (OTHER, Some(Label::Other)),
        (FAX, Some(Label::Fax)),
        (MOBILE, Some(Label::Mobile)),
        (PHONE, Some(Label::Phone)),
    ];
    lists.iter().flat_map(|(words, label)| words.split_whitespace().map(move |word| (word, *label))).collect()
});

/// Beginnings of words; compounds are without end in some languages.
const STEMS: &[(&str, Label)] = &[
    ("telefax", Label::Fax),
    ("telefaks", Label::Fax),
    ("телефакс", Label::Fax),
    ("telefonfax", Label::Both),
    ("факс", Label::Fax),
    ("fax", Label::Fax),
    ("faks", Label::Fax),
    ("mobil", Label::Mobile),
    ("handy", Label::Mobile),
    ("celular", Label::Mobile),
    ("мобильн", Label::Mobile),
    ("telemó", Label::Mobile),
    ("telefon", Label::Phone),
    ("teléfon", Label::Phone),
    ("telephon", Label::Phone),
    ("téléphon", Label::Phone),
    ("telefoon", Label::Phone),
    ("телефон", Label::Phone),
    ("puhelin", Label::Phone),
    ("τηλεφων", Label::Phone),
    ("τηλέφων", Label::Phone),
    ("iban", Label::Other),
    ("kontonummer", Label::Other),
    ("steuernummer", Label::Other),
    ("bestellnummer", Label::Other),
    ("artikelnummer", Label::Other),
];

/// How one word is understood; the inner `None` marks a weak word.
fn word(text: &str) -> Option<Option<Label>> {
    if let Some(label) = WORDS.get(text) {
        return Some(*label);
    }
    if text.len() < 3 {
        return None;
    }
    let stem = STEMS.iter().find(|(stem, _)| text.starts_with(stem)).map(|(_, label)| *label);
    let stem = stem.or_else(|| text.ends_with("telefon").then_some(Label::Phone));
    let stem = stem.or_else(|| text.ends_with("hotline").then_some(Label::Phone));
    stem.or_else(|| (text.ends_with("nummer") || text.ends_with("nr")).then_some(Label::Other)).map(Some)
}

/// The last label in the words before a number, of which the last 80 bytes count.
pub(crate) fn before(text: &str) -> Option<Label> {
    let start = text.ceil_char_boundary(text.len().saturating_sub(80));
    let tail = plain(text.get(start..).unwrap_or_default());
    let mut found: Vec<(usize, usize, Label)> = Vec::new();
    let mut weak = false;
    for (at, token) in tokens(&tail) {
        match word(token) {
            Some(Some(label)) => {
                found.push((at, at + token.len(), label));
                weak = false;
            }
            Some(None) => weak = true,
            None => {
                if let Some(label) = letter(token, &tail, at) {
                    found.push((at, at + token.len(), label));
                }
                if token.chars().count() > 1 {
                    weak = false;
                }
            }
        }
    }
    let begins =
        |at: usize| setting::starts_word(&tail, at) || tail.get(at..).is_some_and(|rest| rest.starts_with(is_unspaced));
    found.extend(PHRASE.all(&tail).filter(|(_, at)| begins(at.start)).map(|(label, at)| (at.start, at.end, label)));
    found.sort_unstable_by_key(|(at, end, _)| (*end, std::cmp::Reverse(*at)));
    // A register named far before the number is not what it is of.
    let far = |end: usize| {
        tail.get(end..)
            .is_some_and(|rest| rest.split_whitespace().filter(|word| word.chars().nth(1).is_some()).count() >= 5)
    };
    let last = found.last().copied().filter(|(_, end, label)| *label != Label::Other || !far(*end));
    match (last, found.len().checked_sub(2).and_then(|at| found.get(at)).copied()) {
        (Some((at, _, label)), Some((_, end, earlier))) if is_pair(label, earlier) && joined(tail.get(end..at)) => {
            Some(Label::Both)
        }
        (Some((_, _, label)), _) => Some(label),
        (None, _) => weak.then_some(Label::Other),
    }
}

/// A text in lower case, letters of full width as usual ones, and without the
/// blanks with which Chinese labels are stretched (`电　话`).
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    if !lower.contains(is_unspaced) && !lower.contains(|c| matches!(c, '\u{ff01}'..='\u{ff5e}')) {
        return lower;
    }
    let mut out = String::with_capacity(lower.len());
    let mut blanks = 0;
    for c in lower.chars() {
        match c {
            c if c.is_whitespace() => blanks += 1,
            c => {
                let stretched = is_ideograph(c) && out.ends_with(is_ideograph);
                out.extend(std::iter::repeat_n(' ', if stretched { 0 } else { blanks }));
                blanks = 0;
                out.extend(
                    matches!(c, '\u{ff01}'..='\u{ff5e}')
                        .then(|| char::from_u32(u32::from(c) - 0xfee0))
                        .flatten()
                        .or(Some(c)),
                );
            }
        }
    }
    out.extend(std::iter::repeat_n(' ', blanks));
    out
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}')
}

fn is_pair(a: Label, b: Label) -> bool {
    matches!((a, b), (Label::Fax, Label::Phone | Label::Mobile) | (Label::Phone | Label::Mobile, Label::Fax))
}

/// Whether two labels stand for one number: `Tel./Fax`, `Telefon und Fax`.
fn joined(between: Option<&str>) -> bool {
    between.is_some_and(|between| {
        let words = between.trim_matches(|c: char| !c.is_alphanumeric());
        let plain = matches!(words, "" | "und" | "and" | "et" | "y" | "e" | "i" | "и" | "och" | "og" | "en");
        plain && (between.contains(['/', '&', '+', ',', '-', '・', '／', '、']) || !words.is_empty())
    })
}

/// `T`, `F`, `M`, `P` right before the number, as designers like it.
fn letter(token: &str, text: &str, at: usize) -> Option<Label> {
    let rest = text.get(at + token.len()..)?;
    let bare = rest.chars().all(|c| matches!(c, '.' | ':' | ' ' | ')' | ']' | '|' | '：' | '-' | '–' | '/' | '('));
    match token {
        "t" | "p" | "c" | "o" | "d" | "тел" | "τ" | "ט" if bare => Some(Label::Phone),
        "m" | "h" | "κ" | "ج" | "м" if bare => Some(Label::Mobile),
        "f" | "ф" | "φ" | "פ" if bare => Some(Label::Fax),
        _ => None,
    }
}

/// Words, and the pictures that stand for one.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |c: char| c.is_alphanumeric() || is_mark(c) || matches!(c, '°' | '№');
    let mut from = 0;
    std::iter::from_fn(move || {
        let rest = text.get(from..)?;
        let start = from + rest.find(|c: char| is_word(c) || is_picture(c))?;
        let rest = text.get(start..)?;
        let length = match rest.chars().next() {
            Some(c) if is_picture(c) => c.len_utf8(),
            _ => rest.find(|c: char| !is_word(c)).unwrap_or(rest.len()),
        };
        from = start + length;
        rest.get(..length).map(|token| (start, token))
    })
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{900}'..='\u{94d}')
}

fn is_picture(c: char) -> bool {
    matches!(c, '☎' | '☏' | '✆' | '📞' | '📱' | '📠' | '🖷' | '🕿' | '€' | '$' | '£' | '©')
}

/// What a short line of its own (a table's head, a term, a heading) says of
/// the number on the next line.
pub(crate) fn alone(line: &str) -> Option<Label> {
    if line.chars().count() > 40 || line.chars().any(|c| c.is_ascii_digit()) || mail::may_hold(line) {
        return None;
    }
    before(line)
}

/// A label behind the number: `(Fax)`.
pub(crate) fn behind(text: &str) -> Option<Label> {
    let text = text.trim_start().to_lowercase();
    let bracketed = text.strip_prefix(['(', '[', '（']).and_then(|rest| rest.split([')', ']', '）']).next());
    let words = bracketed.unwrap_or(text.trim_start_matches(['-', '–', ' ']));
    // Before digits, or behind a mark that parts, it is the next number's.
    let next = bracketed.is_none() && words.contains(|c: char| c.is_numeric() || matches!(c, '·' | '|' | '•' | ';'));
    if words.chars().count() > 24 || next {
        return None;
    }
    match before(words) {
        Some(Label::Other) => None,
        label if bracketed.is_some() => label,
        label @ Some(Label::Fax) => label,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_label_counts() {
        let check = |text: &str, expected: Option<Label>| assert_eq!(before(text), expected, "{text}");
        check("Tel.: ", Some(Label::Phone));
        check("Tel. 1 · Telefax: ", Some(Label::Fax));
        check("T 1 | F ", Some(Label::Fax));
        check("F 1 | T ", Some(Label::Phone));
        check("Tel./Fax: ", Some(Label::Both));
        check("Telefon und Telefax: ", Some(Label::Both));
        check("Telefonnummer: ", Some(Label::Phone));
        check("Phone No. ", Some(Label::Phone));
        check("Company No. ", Some(Label::Other));
        check("Customer number ", Some(Label::Other));
        check("Телефакс: ", Some(Label::Fax));
        check("カスタマー電話番号：", Some(Label::Phone));
        check("代表电话：1 传真：", Some(Label::Fax));
        check("الهاتف: ", Some(Label::Phone));
        check("Mobilnummer ", Some(Label::Mobile));
        check("☎ ", Some(Label::Phone));
        check("手　　机：", Some(Label::Mobile));
        check("电 话：1　传 真：", Some(Label::Fax));
        check("ＦＡＸ：", Some(Label::Fax));
        check("QQ：", Some(Label::Other));
        check("ח.פ. ", Some(Label::Other));
        check("פקס: ", Some(Label::Fax));
        check("Κιν.: ", Some(Label::Mobile));
        check("統一編號：", Some(Label::Other));
        check("品質保証課直通　", Some(Label::Phone));
        check("Visit us ", None);
        assert_eq!(behind(" (Fax)"), Some(Label::Fax));
        assert_eq!(behind(" in our office"), None);
        assert_eq!(behind(" · Telefax -99"), None);
        assert_eq!(behind(" Fax"), Some(Label::Fax));
    }
}
