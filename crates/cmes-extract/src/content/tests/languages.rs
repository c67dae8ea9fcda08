//! A letter with its signature and what it answers, as mail programs of many
//! languages write them.

use super::read;

/// Header names, attribution and closing words of one language, with a person
/// of that language.
struct Language {
    headers: [&'static str; 4],
    attribution: &'static str,
    closing: &'static str,
    name: &'static str,
    title: &'static str,
    phone: [&'static str; 2],
    domain: &'static str,
}

#[rustfmt::skip]
const LANGUAGES: &[Language] = &[
    Language { headers: ["From", "Sent", "To", "Subject"], attribution: "On Mon, Feb 2, 2026 at 9:00 AM Buyer <b@kunde.com> wrote:", closing: "Kind regards,", name: "Ann Lee", title: "Head of Sales", phone: ["0161 496 0131", "+44 161 496 0131"], domain: "pumpworks.co.uk" },
    Language { headers: ["Von", "Gesendet", "An", "Betreff"], attribution: "Am Mo., 2. Feb. 2026 um 09:00 Uhr schrieb Buyer <b@kunde.com>:", closing: "Mit freundlichen Grüßen", name: "Jörg Weber", title: "Vertriebsleiter", phone: ["040 669690", "+49 40 669690"], domain: "pumpenwerk.de" },
    Language { headers: ["De", "Envoyé", "À", "Objet"], attribution: "Le lun. 2 févr. 2026 à 09:00, Buyer <b@kunde.com> a écrit :", closing: "Bien cordialement,", name: "Inès Delmas", title: "Directrice commerciale", phone: ["04 65 71 12 34", "+33 4 65 71 12 34"], domain: "pompes.fr" },
    Language { headers: ["De", "Enviado el", "Para", "Asunto"], attribution: "El lun, 2 feb 2026 a las 9:00, Buyer (<b@kunde.com>) escribió:", closing: "Un cordial saludo,", name: "Lucía Gómez", title: "Directora comercial", phone: ["963 91 01 45", "+34 963 91 01 45"], domain: "bombas.es" },
    Language { headers: ["De", "Enviada em", "Para", "Assunto"], attribution: "Em seg., 2 de fev. de 2026 às 09:00, Buyer <b@kunde.com> escreveu:", closing: "Atenciosamente,", name: "João Ribeiro", title: "Diretor comercial", phone: ["(11) 3456-7890", "+55 11 3456-7890"], domain: "bombas.com.br" },
    Language { headers: ["Da", "Inviato", "A", "Oggetto"], attribution: "Il giorno lun 2 feb 2026 alle ore 09:00 Buyer <b@kunde.com> ha scritto:", closing: "Cordiali saluti", name: "Luca Rossi", title: "Direttore commerciale", phone: ["055 234 0178", "+39 055 234 0178"], domain: "pompe.it" },
    Language { headers: ["Van", "Verzonden", "Aan", "Onderwerp"], attribution: "Op ma 2 feb 2026 om 09:00 schreef Buyer <b@kunde.com>:", closing: "Met vriendelijke groet,", name: "Sanne de Vries", title: "Commercieel directeur", phone: ["030 200 1234", "+31 30 200 1234"], domain: "pompen.nl" },
    Language { headers: ["Från", "Skickat", "Till", "Ämne"], attribution: "Den mån 2 feb. 2026 kl 09:00 skrev Buyer <b@kunde.com>:", closing: "Med vänlig hälsning", name: "Karin Lindqvist", title: "Försäljningschef", phone: ["08-123 456 00", "+46 8 123 456 00"], domain: "pumpar.se" },
    Language { headers: ["Fra", "Sendt", "Til", "Emne"], attribution: "Den man. 2. feb. 2026 kl. 09.00 skrev Buyer <b@kunde.com>:", closing: "Med venlig hilsen", name: "Mette Holm", title: "Salgschef", phone: ["33 12 34 56", "+45 33 12 34 56"], domain: "pumper.dk" },
    Language { headers: ["Fra", "Sendt", "Til", "Emne"], attribution: "man. 2. feb. 2026 kl. 09:00 skrev Buyer <b@kunde.com>:", closing: "Med vennlig hilsen", name: "Ola Nordmann", title: "Salgssjef", phone: ["22 12 34 56", "+47 22 12 34 56"], domain: "pumper.no" },
    Language { headers: ["Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"], attribution: "ma 2. helmik. 2026 klo 9.00 Buyer (b@kunde.com) kirjoitti:", closing: "Ystävällisin terveisin", name: "Matti Virtanen", title: "Myyntijohtaja", phone: ["09 123 4567", "+358 9 1234567"], domain: "pumput.fi" },
    Language { headers: ["Od", "Wysłano", "Do", "Temat"], attribution: "pon., 2 lut 2026 o 09:00 Buyer <b@kunde.com> napisał(a):", closing: "Z poważaniem", name: "Jan Nowak", title: "Kierownik sprzedaży", phone: ["61 664 01 42", "+48 61 664 01 42"], domain: "pompy.pl" },
    Language { headers: ["Od", "Odesláno", "Komu", "Předmět"], attribution: "po 2. 2. 2026 v 9:00 odesílatel Buyer <b@kunde.com> napsal:", closing: "S pozdravem", name: "Petr Dvořák", title: "Obchodní ředitel", phone: ["224 123 456", "+420 224 123 456"], domain: "cerpadla.cz" },
    Language { headers: ["Od", "Odoslané", "Komu", "Predmet"], attribution: "po 2. 2. 2026 o 9:00 Buyer <b@kunde.com> napísal(a):", closing: "S pozdravom", name: "Ján Kováč", title: "Obchodný riaditeľ", phone: ["02/5710 1234", "+421 2/571 012 34"], domain: "cerpadla.sk" },
    Language { headers: ["Feladó", "Elküldve", "Címzett", "Tárgy"], attribution: "Buyer <b@kunde.com> ezt írta (időpont: 2026. febr. 2., H, 9:00):", closing: "Üdvözlettel,", name: "Kovács Péter", title: "kereskedelmi igazgató", phone: ["06 1 234 5678", "+36 1 234 5678"], domain: "szivattyuk.hu" },
    Language { headers: ["De la", "Trimis", "Către", "Subiect"], attribution: "În lun., 2 feb. 2026 la 09:00, Buyer <b@kunde.com> a scris:", closing: "Cu stimă,", name: "Andrei Popescu", title: "Director vânzări", phone: ["021 312 3456", "+40 21 312 3456"], domain: "pompe.ro" },
    Language { headers: ["От", "Изпратено", "До", "Относно"], attribution: "На пн, 2.02.2026 г. в 9:00 Buyer <b@kunde.com> написа:", closing: "С уважение,", name: "Иван Петров", title: "Търговски директор", phone: ["02 981 2345", "+359 2 981 2345"], domain: "pompi.bg" },
    Language { headers: ["От", "Отправлено", "Кому", "Тема"], attribution: "пн, 2 февр. 2026 г. в 09:00, Buyer <b@kunde.com>:", closing: "С уважением,", name: "Иван Петров", title: "Коммерческий директор", phone: ["8 (343) 288-01-42", "+7 343 288-01-42"], domain: "nasos.ru" },
    Language { headers: ["Від", "Надіслано", "Кому", "Тема"], attribution: "пн, 2 лют. 2026 р. о 09:00 Buyer <b@kunde.com> пише:", closing: "З повагою,", name: "Олена Коваль", title: "Комерційний директор", phone: ["044 234 5678", "+380 44 234 5678"], domain: "nasos.ua" },
    Language { headers: ["Από", "Εστάλη", "Προς", "Θέμα"], attribution: "Στις Δευ 2 Φεβ 2026 στις 9:00 π.μ., ο/η Buyer <b@kunde.com> έγραψε:", closing: "Με εκτίμηση,", name: "Νίκος Παπαδόπουλος", title: "Εμπορικός Διευθυντής", phone: ["210 123 4567", "+30 21 0123 4567"], domain: "antlies.gr" },
    Language { headers: ["Kimden", "Gönderildi", "Kime", "Konu"], attribution: "Buyer <b@kunde.com>, 2 Şub 2026 Pzt, 09:00 tarihinde şunu yazdı:", closing: "Saygılarımla,", name: "Ali Kaya", title: "Satış Müdürü", phone: ["0212 345 67 89", "+90 212 345 67 89"], domain: "pompalar.com.tr" },
    Language { headers: ["Šalje", "Poslano", "Prima", "Predmet"], attribution: "pon, 2. velj 2026. u 09:00 Buyer <b@kunde.com> napisao je:", closing: "Srdačan pozdrav", name: "Ivan Horvat", title: "Direktor prodaje", phone: ["01 234 5678", "+385 1 2345 678"], domain: "crpke.hr" },
    Language { headers: ["Od", "Poslano", "Za", "Zadeva"], attribution: "V V pon., 2. feb. 2026 ob 09:00 je oseba Buyer <b@kunde.com> napisala:", closing: "Lep pozdrav", name: "Janez Novak", title: "Direktor prodaje", phone: ["01 234 56 78", "+386 1 234 56 78"], domain: "crpalke.si" },
    Language { headers: ["Nuo", "Išsiųsta", "Kam", "Tema"], attribution: "2026-02-02, pr, 09:00 Buyer <b@kunde.com> rašė:", closing: "Pagarbiai", name: "Jonas Petrauskas", title: "Pardavimų vadovas", phone: ["+370 5 234 5678", "+370 5 234 5678"], domain: "siurbliai.lt" },
    Language { headers: ["No", "Nosūtīts", "Kam", "Temats"], attribution: "pirmd., 2026. g. 2. febr., plkst. 09:00 — lietotājs Buyer (<b@kunde.com>) rakstīja:", closing: "Ar cieņu", name: "Jānis Bērziņš", title: "Pārdošanas vadītājs", phone: ["+371 67 123 456", "+371 67 123 456"], domain: "sukni.lv" },
    Language { headers: ["Saatja", "Saadetud", "Adressaat", "Teema"], attribution: "Kuupäev E, 2. veebruar 2026 kell 09:00 kirjutas Buyer <b@kunde.com>:", closing: "Lugupidamisega", name: "Mart Tamm", title: "Müügijuht", phone: ["+372 612 3456", "+372 612 3456"], domain: "pumbad.ee" },
    Language { headers: ["差出人", "送信日時", "宛先", "件名"], attribution: "2026年2月2日(月) 9:00 Buyer <b@kunde.com>:", closing: "よろしくお願いいたします。", name: "田中 太郎", title: "営業部長", phone: ["03-1234-5678", "+81 3-1234-5678"], domain: "pump.co.jp" },
    Language { headers: ["发件人", "发送时间", "收件人", "主题"], attribution: "Buyer <b@kunde.com> 于2026年2月2日周一 09:00写道：", closing: "此致", name: "王伟", title: "销售经理", phone: ["021-61234567", "+86 21 6123 4567"], domain: "pump.com.cn" },
    Language { headers: ["보낸 사람", "보낸 날짜", "받는 사람", "제목"], attribution: "2026년 2월 2일 (월) 오전 9:00, Buyer <b@kunde.com>님이 작성:", closing: "감사합니다.", name: "김민수", title: "영업부장", phone: ["02-1234-5678", "+82 2-1234-5678"], domain: "pump.co.kr" },
    Language { headers: ["من", "تاريخ الإرسال", "إلى", "الموضوع"], attribution: "في الاثنين، 2 فبراير 2026 في 9:00 ص تمت كتابة ما يلي بواسطة Buyer <b@kunde.com>:", closing: "مع أطيب التحيات،", name: "أحمد علي", title: "مدير المبيعات", phone: ["04 234 5678", "+971 4 234 5678"], domain: "pumps.ae" },
    Language { headers: ["מאת", "נשלח", "אל", "נושא"], attribution: "\u{202b}בתאריך יום ב׳, 2 בפבר׳ 2026 ב-9:00 מאת \u{202a}Buyer\u{202c}\u{200f} <\u{202a}b@kunde.com\u{202c}\u{200f}>:\u{202c}", closing: "בברכה,", name: "דוד כהן", title: "מנהל מכירות", phone: ["03-123-4567", "+972 3-123-4567"], domain: "pumps.co.il" },
    Language { headers: ["Từ", "Đã gửi", "Đến", "Chủ đề"], attribution: "Vào Th 2, 2 thg 2, 2026 vào lúc 09:00 Buyer <b@kunde.com> đã viết:", closing: "Trân trọng,", name: "Nguyễn Văn Minh", title: "Giám đốc kinh doanh", phone: ["028 3823 4567", "+84 28 3823 4567"], domain: "maybom.vn" },
    Language { headers: ["Dari", "Dikirim", "Kepada", "Subjek"], attribution: "Pada Sen, 2 Feb 2026 pukul 09.00 Buyer <b@kunde.com> menulis:", closing: "Hormat kami,", name: "Budi Santoso", title: "Manajer Penjualan", phone: ["021 2345 6789", "+62 21 23456789"], domain: "pompa.co.id" },
    Language { headers: ["จาก", "ส่ง", "ถึง", "เรื่อง"], attribution: "ในวันที่ จ. 2 ก.พ. 2026 เวลา 09:00 Buyer <b@kunde.com> เขียนว่า:", closing: "ขอแสดงความนับถือ", name: "Somchai Jaidee", title: "ผู้จัดการฝ่ายขาย", phone: ["02 123 4567", "+66 2 123 4567"], domain: "pump.co.th" },
];

/// Site, person, title, e-mail and the digits of the phone, where they are not as expected.
fn difference(text: &str, expected: &[&str; 5]) -> String {
    let content = read(text);
    let site = content.candidates.first().map_or("", |candidate| candidate.address.as_str());
    let person = content.facts.person.clone().map(|(person, _)| person).unwrap_or_default();
    let digits = |phone: &str| phone.chars().filter(char::is_ascii_digit).collect::<String>();
    let found = [site, &person.name, &person.job_position, &person.email, &digits(&person.phone)];
    let [.., phone] = expected;
    let same = found[..4] == expected[..4] && found[4] == digits(phone) && content.candidates.len() == 1;
    if same { String::new() } else { format!("{found:?} and {} sites of\n{text}\n\n", content.candidates.len()) }
}

#[test]
fn letters_in_many_languages() {
    let mut differences = String::new();
    for language in LANGUAGES {
        let Language { headers: [from, date, to, subject], attribution, closing, name, title, phone, domain } =
            language;
        let address = format!("sales@{domain}");
        let expected = [*domain, name, title, &address, phone[1]];
        let letter = format!("{closing}\n{name}\n{title}\nTel. {}\n{address}", phone[0]);
        let quoted = "> Hello, www.kunde.com\n> Best regards\n> Bea Buyer\n> Tel. +1 212 555 0100";
        let header = format!("{from}: {name} <{address}>\n{date}: 2. 2. 2026\n{to}: b@kunde.com\n{subject}: RE: x");
        differences += &difference(&format!("{header}\n\n…\n\n{letter}\n\n{attribution}\n{quoted}"), &expected);
        // The same without quotation marks, as some programs write it.
        let bare = quoted.replace("> ", "");
        differences += &difference(&format!("{header}\n\n…\n\n{letter}\n\n{attribution}\n\n{bare}"), &expected);
        // What a mail provider's user passes on, with the header of the program.
        let outer = "From: Bo Ray <bo@gmail.com>\nTo: b@outlook.com\nSubject: Fwd: x\n\nfyi";
        differences += &difference(&format!("{outer}\n\n{header}\n\n…\n\n{letter}"), &expected);
    }
    assert!(differences.is_empty(), "{differences}");
}
