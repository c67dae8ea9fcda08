//! Models: what is configured, what serves, what can be fetched.

use cmes_testkit::models::{ModelServer, Reply};
use serde_json::{Value, json};

use crate::support::{Place, Serving};

const KEY: &str = "sk-Secret-1234567890";

/// A server of models with a runtime of its own, and a place that is configured for it.
fn place_with(reply: fn(&cmes_testkit::models::Asked) -> Reply) -> (Place, ModelServer, tokio::runtime::Runtime) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("a runtime");
    let server = runtime.block_on(ModelServer::start(reply)).expect("loopback can be listened on");
    let place = Place::empty();
    place.write("key", &format!("{KEY}\n"));
    let section = |name: &str| {
        format!(
            "[{name}]\nprovider = \"openai\"\nbase_url = \"{}\"\nmodel = \"m\"\napi_key_file = \"key\"\n",
            server.url()
        )
    };
    place.write(
        "cmes.toml",
        &format!("[server]\nlisten = \"127.0.0.1:0\"\n{}{}", section("llm"), section("embeddings")),
    );
    (place, server, runtime)
}

#[test]
fn doctor_says_which_model_serves_what() {
    let report = Place::empty().ok(&["doctor"]);
    assert!(report.contains("is not on this machine; fetch it with cmes models pull"), "{report}");
    assert!(report.contains("texts are the site's own sentences"), "{report}");

    let (place, server, _runtime) = place_with(|_| Reply::json(200, &json!({"data": [{"id": "m"}]})));
    let report = place.ok(&["doctor"]);
    assert_eq!(report.matches("openai: m: its server answers").count(), 2, "{report}");
    assert_eq!(server.asked()[0].headers["authorization"], format!("Bearer {KEY}"));

    let (place, _server, _runtime) = place_with(|_| Reply::refuse(401, &format!("wrong key {KEY}")));
    let output = place.run(&["doctor"]);
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.code() == Some(1) && report.contains("refuses the key; check api_key"), "{report}");
    assert!(!report.to_lowercase().contains(&KEY.to_lowercase()), "{report}");
}

#[test]
fn health_says_which_model_serves_what() {
    let (place, _server, _runtime) = place_with(|_| Reply::Hang);
    place.write(
        "none.toml",
        "[server]\nlisten = \"127.0.0.1:0\"\n[llm]\nprovider = \"none\"\n[embeddings]\nprovider = \"none\"\n",
    );
    let check = |file: &str, expected: [Value; 2]| {
        let serving = Serving::start(&place, &["--config", file]);
        let health = crate::commands::request(&format!("{}/health", serving.url), None, None).1;
        assert_eq!([&health["language_model"], &health["embeddings"]], [&expected[0], &expected[1]]);
        assert_eq!(health["status"], "ok");
    };
    let ready = json!({"provider": "openai", "model": "m", "state": "ready"});
    check("cmes.toml", [ready.clone(), ready]);
    let none = |section: &str| json!({"provider": "none", "state": format!("{section}.provider is none")});
    check("none.toml", [none("llm"), none("embeddings")]);
}

#[test]
fn models_are_listed_with_licence_and_presence() {
    let place = Place::empty();
    let list = place.ok(&["models", "list"]);
    let first = list.lines().next().expect("a line");
    assert!(first.contains("\tchat\t") && first.contains("\tApache-2.0\tmissing\t"), "{list}");
    let message = place.fails(1, &["models", "pull", "gpt-9"]);
    assert!(message.contains("there is no model gpt-9; cmes models list"), "{message}");
    place.write("cmes.toml", "[models]\nindex = \"not an address with a secret\"\n");
    let message = place.fails(1, &["models", "pull"]);
    assert!(message.contains("models.index") && !message.contains("secret"), "{message}");
    place.write("cmes.toml", "[llm]\nmodel = \"gpt-9\"\n");
    assert!(place.fails(1, &["serve"]).contains("there is no embedded model gpt-9"));
}
