//! ID, ExternalID and Code: given, generated, taken, assigned, cleared.

use serde_json::json;

use super::{Transcript, done};
use crate::support::{TestApp, on_both_engines};

const ID: &str = "66bb5a0a-a125-4a7d-a22d-85527c82a590";
const OTHER: &str = "66bb5a0a-a125-4a7d-a22d-85527c82a591";

#[test]
fn a_knowledge_base_is_named_by_its_client_or_by_the_server() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let mut t = Transcript::of(&app);
        t.say("only the name is required");
        t.post("create", r#"{"Name": "a"}"#).await;
        t.post("create", r#"{"Body": "no name"}"#).await;
        t.say("an empty ID and the number 0 are none");
        t.post(
            "create",
            r#"{"Name": "b", "KnowledgebaseID": "", "KnowledgebaseExternalID": 0, "KnowledgebaseCode": 0}"#,
        )
        .await;
        t.say("chosen names, and those that are taken");
        let named = format!(
            r#"{{"Name": "c", "KnowledgebaseID": "{ID}", "KnowledgebaseExternalID": "7", "KnowledgebaseCode": 4}}"#
        );
        t.post("create", named).await;
        t.post("create", format!(r#"{{"Name": "d", "KnowledgebaseID": "{ID}"}}"#)).await;
        t.post("create", r#"{"Name": "d", "KnowledgebaseExternalID": 7}"#).await;
        t.post("create", r#"{"Name": "d", "KnowledgebaseCode": 1}"#).await;
        t.say("a generated code leaves out what a client took; the short names work too");
        t.post("create", r#"{"Name": "e", "externalid": 8}"#).await;
        t.post("create", r#"{"Name": "f", "ExternalID": 9, "KnowledgebaseExternalID": 9}"#).await;
        t.post("create", r#"{"Name": "f"}"#).await;
        t.say("what is no identifier");
        t.post(
            "create",
            r#"{"Name": "g", "KnowledgebaseID": "7", "KnowledgebaseExternalID": -1, "KnowledgebaseCode": 1.5}"#,
        )
        .await;
        t.post("create", r#"{"Name": "g", "KnowledgebaseExternalID": 9223372036854775808}"#).await;
        t.say("the largest ones");
        t.post(
            "create",
            r#"{"Name": "g", "KnowledgebaseExternalID": 9223372036854775807, "KnowledgebaseCode": "9007199254740991"}"#,
        )
        .await;
        t.post("info", r#"{"ExternalID": 9223372036854775807}"#).await;
        t.say("a deleted one's code is not used again, its other names are free");
        t.post("delete", format!(r#"{{"ID": "{ID}"}}"#)).await;
        t.post("delete", format!(r#"{{"ID": "{ID}"}}"#)).await;
        t.post("create", r#"{"Name": "c", "KnowledgebaseCode": 4}"#).await;
        t.post("create", format!(r#"{{"Name": "c", "KnowledgebaseID": "{ID}", "KnowledgebaseExternalID": 7}}"#)).await;
        insta::assert_snapshot!(t.text());
    });
}

#[test]
fn a_lookup_finds_by_the_first_identifier_and_the_others_have_to_agree() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        done(&app, "create", json!({"Name": "a", "KnowledgebaseID": ID, "KnowledgebaseExternalID": 5})).await;
        done(&app, "create", json!({"Name": "b", "KnowledgebaseID": OTHER, "KnowledgebaseExternalID": 6})).await;
        let mut t = Transcript::of(&app);
        let all = format!(r#"{{"KnowledgebaseID": "{ID}", "KnowledgebaseExternalID": 5, "KnowledgebaseCode": 1}}"#);
        t.post("info", all).await;
        t.post("info", r#"{"KnowledgebaseCode": 2}"#).await;
        t.post("info", format!(r#"{{"KnowledgebaseID": "{ID}", "KnowledgebaseExternalID": 6}}"#)).await;
        t.post("delete", r#"{"KnowledgebaseExternalID": 5, "KnowledgebaseCode": 2}"#).await;
        t.post("delete", r#"{"KnowledgebaseExternalID": 5, "KnowledgebaseCode": 99}"#).await;
        t.post("info", "{}").await;
        t.post("info", r#"{"KnowledgebaseExternalID": 0}"#).await;
        t.post("info", r#"{"KnowledgebaseExternalID": 99}"#).await;
        t.post("info", r#"{"KnowledgebaseID": 5}"#).await;
        t.post("info", r#"{"KnowledgebaseCode": 1, "Nme": ""}"#).await;
        t.post("info", r#"{"KnowledgebaseCode": 1, "knowledgebasecode": 1}"#).await;
        insta::assert_snapshot!(t.text());
    });
}

#[test]
fn an_update_finds_by_the_first_identifier_and_assigns_the_others() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let mut t = Transcript::of(&app);
        for external_id in [5, 6] {
            done(&app, "create", json!({"Name": "base", "KnowledgebaseExternalID": external_id})).await;
        }
        t.post("update", r#"{"KnowledgebaseExternalID": 5, "KnowledgebaseCode": 40, "Name": "new", "Body": "words"}"#)
            .await;
        t.post("update", format!(r#"{{"KnowledgebaseCode": 40, "KnowledgebaseID": "{ID}"}}"#)).await;
        t.post("update", format!(r#"{{"KnowledgebaseID": "{ID}", "KnowledgebaseExternalID": 7}}"#)).await;
        t.say("the same again changes nothing");
        t.post("update", format!(r#"{{"KnowledgebaseID": "{ID}", "KnowledgebaseExternalID": 7}}"#)).await;
        t.post("info", r#"{"KnowledgebaseExternalID": 7}"#).await;
        t.say("0 takes the number away");
        t.post("update", format!(r#"{{"KnowledgebaseID": "{ID}", "KnowledgebaseExternalID": 0, "Body": ""}}"#)).await;
        t.post("info", format!(r#"{{"KnowledgebaseID": "{ID}"}}"#)).await;
        t.say("refusals");
        t.post("update", format!(r#"{{"KnowledgebaseID": "{ID}", "KnowledgebaseExternalID": 6}}"#)).await;
        t.post("update", format!(r#"{{"KnowledgebaseID": "{ID}", "KnowledgebaseCode": 2}}"#)).await;
        t.post("update", format!(r#"{{"KnowledgebaseID": "{ID}", "KnowledgebaseCode": 1}}"#)).await;
        t.post("update", r#"{"KnowledgebaseExternalID": 99, "Name": "x"}"#).await;
        t.post("update", r#"{"KnowledgebaseExternalID": 6, "Name": " "}"#).await;
        t.post("update", r#"{"Name": "x"}"#).await;
        insta::assert_snapshot!(t.text());
    });
}

#[test]
fn articles_and_bases_share_the_codes_and_nothing_else() {
    on_both_engines(async |engine| {
        let app = TestApp::new(engine).await;
        let mut t = Transcript::of(&app);
        t.post("create", format!(r#"{{"Name": "base", "KnowledgebaseID": "{ID}", "KnowledgebaseExternalID": 5}}"#))
            .await;
        t.say("an article may have the base's ID and ExternalID");
        let same = format!(r#"{{"KnowledgebaseExternalID": 5, "Name": "a", "ID": "{ID}", "ExternalID": 5}}"#);
        t.post("entry/create", same).await;
        t.post("create", r#"{"Name": "base 2", "KnowledgebaseExternalID": 6}"#).await;
        t.post("entry/create", r#"{"KnowledgebaseExternalID": 5, "Name": "b", "Code": 3}"#).await;
        t.post("entry/create", r#"{"KnowledgebaseExternalID": 5, "Name": "b", "Code": 4}"#).await;
        t.post("entry/create", r#"{"KnowledgebaseExternalID": 5, "Name": "c"}"#).await;
        t.say("an ExternalID is unique in the account, not in the base");
        t.post("entry/create", r#"{"KnowledgebaseExternalID": 6, "Name": "d", "ExternalID": 5}"#).await;
        t.post("entry/create", format!(r#"{{"KnowledgebaseExternalID": 6, "Name": "d", "ID": "{ID}"}}"#)).await;
        t.say("update assigns");
        t.post("entry/update", format!(r#"{{"KnowledgebaseCode": 1, "Code": 4, "ID": "{OTHER}", "ExternalID": 9}}"#))
            .await;
        t.post("entry/update", r#"{"KnowledgebaseCode": 1, "ExternalID": 9, "Code": 44, "Name": "B"}"#).await;
        t.post("entry/update", r#"{"KnowledgebaseCode": 1, "ExternalID": 9, "Code": 4}"#).await;
        t.post("entry/update", format!(r#"{{"KnowledgebaseCode": 1, "ID": "{OTHER}", "ExternalID": 5}}"#)).await;
        t.post("entry/update", format!(r#"{{"KnowledgebaseCode": 1, "ID": "{OTHER}", "ExternalID": 0}}"#)).await;
        t.say("an article of another base is not in this one");
        t.post("entry/info", r#"{"KnowledgebaseExternalID": 6, "ExternalID": 5}"#).await;
        t.post("entry/update", r#"{"KnowledgebaseExternalID": 6, "ExternalID": 5, "Name": "x"}"#).await;
        t.post("entry/delete", r#"{"KnowledgebaseExternalID": 6, "ExternalID": 5}"#).await;
        t.say("what is required");
        t.post("entry/create", "{}").await;
        t.post("entry/update", "{}").await;
        t.post("entry/info", r#"{"KnowledgebaseExternalID": 6}"#).await;
        t.post("entry/delete", r#"{"ExternalID": 5}"#).await;
        t.post("entry/list", "{}").await;
        t.post("entry/info", r#"{"KnowledgebaseExternalID": 5, "ExternalID": 5, "Code": 5}"#).await;
        insta::assert_snapshot!(t.text());
    });
}
