//! The names of e-mail header fields in many languages: those of RFC 5322, and
//! those that mail programs write above quoted messages.

use std::collections::HashMap;
use std::sync::LazyLock;

/// The meaning of a header field, whatever language its name is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Field {
    From,
    ReplyTo,
    To,
    Subject,
    Date,
    ContentType,
    Encoding,
    /// `Auto-Submitted` (RFC 3834).
    Automatic,
    /// Fields of transport.
    Other,
}

/// `kind: names`, the names separated by bars.
static NAMES: LazyLock<HashMap<&'static str, Field>> = LazyLock::new(|| {
    include_str!("fields.txt")
        .lines()
        .filter_map(|line| line.split_once(": "))
        .filter_map(|(kind, names)| Some((by_kind(kind)?, names)))
        .flat_map(|(field, names)| names.split('|').map(move |name| (name, field)))
        .collect()
});

fn by_kind(kind: &str) -> Option<Field> {
    Some(match kind {
        "from" => Field::From,
        "reply-to" => Field::ReplyTo,
        "to" => Field::To,
        "subject" => Field::Subject,
        "date" => Field::Date,
        "content-type" => Field::ContentType,
        "encoding" => Field::Encoding,
        "automatic" => Field::Automatic,
        "other" => Field::Other,
        _ => return None,
    })
}

/// The field with this name.
pub(super) fn field(name: &str) -> Option<Field> {
    let name = name.trim().trim_matches('*').trim().to_lowercase();
    let technical = || (name.starts_with("x-") && !name.contains(' ')).then_some(Field::Other);
    NAMES.get(name.as_str()).copied().or_else(technical)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_the_languages_of_mail_programs() {
        for [from, date, to, subject] in [
            ["From", "Sent", "To", "Subject"],
            ["Von", "Gesendet", "An", "Betreff"],
            ["De", "Envoyé", "À", "Objet"],
            ["De", "Enviado el", "Para", "Asunto"],
            ["De", "Enviada em", "Para", "Assunto"],
            ["De", "Enviat el", "Per a", "Assumpte"],
            ["Da", "Inviato", "A", "Oggetto"],
            ["Van", "Verzonden", "Aan", "Onderwerp"],
            ["Fra", "Sendt", "Til", "Emne"],
            ["Från", "Skickat", "Till", "Ämne"],
            ["Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"],
            ["Frá", "Sent", "Til", "Efni"],
            ["Od", "Wysłano", "Do", "Temat"],
            ["Od", "Odesláno", "Komu", "Předmět"],
            ["Od", "Odoslané", "Komu", "Predmet"],
            ["Od", "Poslano", "Za", "Zadeva"],
            ["Šalje", "Poslano", "Prima", "Predmet"],
            ["Feladó", "Elküldve", "Címzett", "Tárgy"],
            ["De la", "Trimis", "Către", "Subiect"],
            ["От", "Изпратено", "До", "Относно"],
            ["От", "Отправлено", "Кому", "Тема"],
            ["Від", "Надіслано", "Кому", "Тема"],
            ["Από", "Εστάλη", "Προς", "Θέμα"],
            ["Kimden", "Gönderildi", "Kime", "Konu"],
            ["Saatja", "Saadetud", "Adressaat", "Teema"],
            ["No", "Nosūtīts", "Kam", "Temats"],
            ["Nuo", "Išsiųsta", "Kam", "Tema"],
            ["מאת", "נשלח", "אל", "נושא"],
            ["من", "تاريخ الإرسال", "إلى", "الموضوع"],
            ["از", "ارسال شده", "به", "موضوع"],
            ["จาก", "ส่ง", "ถึง", "เรื่อง"],
            ["Từ", "Đã gửi", "Đến", "Chủ đề"],
            ["Dari", "Dikirim", "Kepada", "Subjek"],
            ["से", "भेजा गया", "प्रति", "विषय"],
            ["发件人", "发送时间", "收件人", "主题"],
            ["寄件者", "寄件日期", "收件者", "主旨"],
            ["差出人", "送信日時", "宛先", "件名"],
            ["보낸 사람", "보낸 날짜", "받는 사람", "제목"],
        ] {
            let found = [from, date, to, subject].map(field);
            assert_eq!(found, [Field::From, Field::Date, Field::To, Field::Subject].map(Some), "{from} {subject}");
        }
        assert_eq!(field("X-Mailer-Thing"), Some(Field::Other));
        assert_eq!(field("Hello"), None);
    }
}
