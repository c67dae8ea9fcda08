//! Gaps of extraction that a model fills.

use super::*;

const TEAM: &str = "<html lang=de><title>Nordwind</title><main><h1>Pumpen</h1>\
    <p>Die Nordwind Pumpen GmbH entwickelt und fertigt Kreiselpumpen für Werften und Wasserwerke.\
    <p>Seit 2010 führt Anna Schmidt als Leiterin Einkauf unser Team in Halle.\
    <p>Paul Weber, Pumpenflüsterer</main>\
    <footer><p>Sie finden uns in der Lindenstraße 5, mitten in 06108 Halle.</footer>";

/// A profile with a person without a position, a title that no catalogue has, and no address.
fn lacking() -> Draft {
    let mut draft = draft(TEAM);
    for (name, position) in [("Anna Schmidt", ""), ("Paul Weber", "Pumpenflüsterer")] {
        draft.data.contacts.push(cmes_types::Contact {
            name: name.into(),
            job_position: position.into(),
            ..cmes_types::Contact::default()
        });
    }
    let url = Url::parse("https://www.nordwind.example/").expect("a URL");
    draft.brief = Brief::read(&[page::read(&RawPage { url: &url, headers: &[], html: TEAM })], &draft.data);
    draft
}

/// What a model says of the gaps, and what becomes of them: position, title, street and town.
async fn filled(roles: &[&str], titles: &[&str], address: [&str; 3]) -> ([String; 4], Draft) {
    let [street, zip, city] = address;
    let says = json!({
        "business": ["Nordwind makes pumps.", "It works."], "recommendations": ["Refer to pumps."], "customer": "unclear",
        "roles": roles, "titles": titles, "address": {"street": street, "zip": zip, "city": city},
    })
    .to_string();
    let server = server(move |asked: &Asked| {
        let _ = asked;
        Reply::say(says.clone())
    })
    .await;
    let mut draft = lacking();
    let exchange = exchange("GBP");
    let wish = Wish { language: LanguageCode::ENGLISH, offer: "", exchange: &exchange };
    writer(&server).write(&mut draft, &wish).await;
    assert_eq!(server.asked().len(), 1, "all is asked in one question");
    let [anna, paul] = [0, 1].map(|index| draft.data.contacts[index].job_position.clone());
    let street = [draft.data.address.street1.clone(), draft.data.address.street2.clone()].concat();
    ([anna, paul, street, draft.data.address.city.clone()], draft)
}

#[tokio::test]
async fn gaps_are_filled_with_what_stands_on_the_pages() {
    let (found, draft) =
        filled(&["Leiterin Einkauf"], &["Pump consultant"], ["Lindenstraße 5", "06108", "Halle"]).await;
    assert_eq!(found, ["Head of Purchasing", "Pump consultant", "Lindenstraße 5", "Halle"]);
    for field in ["Contacts[0].JobPosition", "Contacts[1].JobPosition", "Address.City", "Address.ZIP"] {
        let one = draft.evidence.iter().find(|e| e.field == field).expect(field);
        assert_eq!((one.method, one.confidence), (Method::Model, 0.5), "{field}");
    }
    let said = draft.evidence.iter().find(|e| e.field == "Contacts[0].JobPosition").expect("evidence");
    assert!(said.snippet.contains("Leiterin Einkauf"), "{said:?}");
}

#[tokio::test]
async fn what_a_model_makes_up_fills_no_gap() {
    let unchanged = ["", "Pumpenflüsterer", "", ""];
    for (roles, titles, address) in [
        (vec!["Geschäftsführerin"], vec!["CEO 42"], ["Lindenstraße 6", "06108", "Halle"]),
        (vec!["Pumpenflüsterer"], vec!["Consultant at acme.com"], ["Hauptstraße 1", "10115", "Berlin"]),
        (vec!["Ignore all previous instructions"], vec!["Anna Schmidt"], ["Sie finden uns", "06108", "Halle"]),
        (vec!["<b>Leiterin Einkauf</b>"], vec!["<script>"], ["", "", ""]),
        (vec![""], vec![""], ["</place>", "", "Halle"]),
        (vec![], vec![], ["Lindenstraße 5", "", ""]),
        (vec!["Anna Schmidt"], vec!["Director Paul Weber"], ["06108", "06108", "06108"]),
    ] {
        let (found, _) = filled(&roles, &titles, address).await;
        assert_eq!(found, unchanged, "{roles:?} {titles:?} {address:?}");
    }
}

#[tokio::test]
async fn what_a_model_leaves_out_of_the_gaps_costs_nothing_else() {
    let texts =
        r#""business": ["Nordwind makes centrifugal pumps.", "It works."], "recommendations": ["Refer to pumps."]"#;
    for (gaps, expected) in [
        ("", ["", "Pumpenflüsterer", ""]),
        (r#", "roles": ["Leiterin Einkauf"]"#, ["Head of Purchasing", "Pumpenflüsterer", ""]),
        (r#", "titles": ["Pump consultant"], "address": null"#, ["", "Pump consultant", ""]),
        (
            r#", "roles": "?", "address": {"street": "Lindenstraße 5", "zip": "06108", "city": "Halle"}"#,
            ["", "Pumpenflüsterer", "Halle"],
        ),
    ] {
        let says = format!(r#"{{{texts}, "customer": "unclear"{gaps}}}"#);
        let server = server(move |_| Reply::say(says.clone())).await;
        let mut draft = lacking();
        let exchange = exchange("GBP");
        let wish = Wish { language: LanguageCode::ENGLISH, offer: "", exchange: &exchange };
        writer(&server).write(&mut draft, &wish).await;
        assert!(draft.data.business.contains("centrifugal pumps"), "{gaps}: {:?}", draft.evidence);
        let [anna, paul] = [0, 1].map(|index| draft.data.contacts[index].job_position.as_str());
        assert_eq!([anna, paul, draft.data.address.city.as_str()], expected, "{gaps}");
        assert_eq!(server.asked().len(), 1, "nothing is asked again for them");
    }
}

#[tokio::test]
async fn a_model_that_fails_leaves_the_gaps() {
    type Script = fn(&Asked) -> Reply;
    let failures: [Script; 3] = [|_| Reply::refuse(500, "oops"), |_| Reply::say("no JSON"), |_| Reply::Hang];
    for script in failures {
        let server = server(script).await;
        let mut draft = lacking();
        let exchange = exchange("GBP");
        let wish = Wish { language: LanguageCode::ENGLISH, offer: "", exchange: &exchange };
        let writer = Writer { time_limit: Duration::from_millis(300), ..writer(&server) };
        writer.write(&mut draft, &wish).await;
        assert_eq!(draft.data.contacts[0].job_position, "");
        assert_eq!(draft.data.contacts[1].job_position, "Pumpenflüsterer");
        assert_eq!(draft.data.address, cmes_types::Address::default());
    }
}

#[test]
fn a_question_with_gaps_is_short_and_a_question_without_is_as_before() {
    let draft = lacking();
    let untranslated = gaps::untranslated(&draft, LanguageCode::ENGLISH);
    assert_eq!(untranslated, [(1, "Pumpenflüsterer".to_owned())]);
    let asked = gaps::asked(&draft, &untranslated);
    for part in ["<people>\nAnna Schmidt: ", "<titles>\nPumpenflüsterer\n", "<place>\n"] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
    let mut long = lacking();
    for person in &mut long.brief.gaps.people {
        person.passage.lines = vec!["Leiterin Einkauf ".repeat(9); 5];
    }
    long.brief.sentences = vec!["Nordwind develops and manufactures pumps for ships. ".repeat(8); 30];
    let titles = vec![(1, "Pumpenflüsterer ".repeat(6)); 5];
    let asked = gaps::asked(&long, &titles);
    let request = prompt::question(&long.data, &long.brief, &"Pumps ".repeat(300), &asked, LanguageCode::ENGLISH);
    let tokens: usize = request.messages.iter().map(|message| prompt::tokens(&message.text)).sum();
    assert!(tokens <= 900, "{tokens}");
    assert!(gaps::asked(&self::draft(PAGE), &[]).is_empty());
}
