//! Pages made by script, and what is left of the browser when the program ends.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use axum::Router;
use axum::response::Html;
use axum::routing::get;

use crate::support::{Place, stderr};

/// A page that tells that it runs, and then never comes to an end.
const ENDLESS: &str =
    "<script>const x = new XMLHttpRequest(); x.open('GET', '/begun', false); x.send(); while (true) {}</script>";

/// Whether there is a Chromium to be used; says so if there is none.
fn has_browser() -> bool {
    let has = std::env::var_os("TEST_BROWSER").is_some() || cmes_browser::installed().is_some();
    if !has {
        writeln!(std::io::stderr(), "not run: no Chromium is installed, and TEST_BROWSER names none")
            .expect("standard error");
    }
    has
}

/// A folder for the browser's files, which it may enter as another user.
fn temporary(place: &Place) -> PathBuf {
    let open = |path: PathBuf| std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755));
    let folder = place.path("tmp");
    std::fs::create_dir(&folder).expect("a folder");
    open(place.path(".")).and_then(|()| open(folder.clone())).expect("it is ours");
    folder
}

/// The ids of processes that were started with this folder.
fn processes(folder: &std::path::Path) -> Vec<String> {
    let folder = folder.display().to_string();
    let entries = std::fs::read_dir("/proc").expect("Linux").flatten();
    let uses = |path: PathBuf| {
        std::fs::read(path.join("cmdline")).is_ok_and(|line| String::from_utf8_lossy(&line).contains(&folder))
    };
    entries.filter(|entry| uses(entry.path())).map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn until(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..1_500 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{what}");
}

#[test]
fn a_site_made_by_script_is_rendered_and_the_browser_ends_with_the_program() {
    if !has_browser() {
        return;
    }
    let place = Place::with_sites();
    let folder = temporary(&place);
    let mut command = place.command(&["enrich", "lumenstack-app.example", "--json"]);
    let output = command.env("TMPDIR", &folder).output().expect("it runs");
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(String::from_utf8_lossy(&output.stdout).contains("Lumenstack Software Ltd"));
    assert!(stderr(&output).contains("rendered, "), "{}", stderr(&output));
    until("the browser has ended", || processes(&folder).is_empty());
    let output =
        place.command(&["enrich", "lumenstack-app.example", "--json"]).env("CMES_BROWSER__PATH", "off").output();
    let output = output.expect("it runs");
    assert!(output.status.success() && !stderr(&output).contains("rendered, "), "{}", stderr(&output));
}

#[test]
fn killed_in_the_middle_of_an_endless_script_it_leaves_no_browser() {
    if !has_browser() {
        return;
    }
    let (begun, has_begun) = std::sync::mpsc::channel();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("loopback is there");
    let address = listener.local_addr().expect("it is bound");
    let begins = move || async move { begun.send(()).expect("the test waits") };
    let app = Router::new().route("/", get(async || Html(ENDLESS))).route("/begun", get(begins));
    runtime.spawn(async move { axum::serve(listener, app).await });

    let place = Place::empty();
    place.write("cmes.toml", "[fetch]\nallow_networks = [\"127.0.0.0/8\"]\n");
    let folder = temporary(&place);
    let mut command = place.command(&["enrich", &format!("http://{address}/")]);
    let mut child = command.env("TMPDIR", &folder).stderr(Stdio::null()).spawn().expect("it starts");
    has_begun.recv_timeout(Duration::from_secs(60)).expect("the page is rendered");
    assert!(processes(&folder).len() > 3, "a browser and its pages");
    child.kill().expect("it is killed");
    child.wait().expect("it ends");
    until("the browser has ended", || processes(&folder).is_empty());
    runtime.shutdown_background();
}
