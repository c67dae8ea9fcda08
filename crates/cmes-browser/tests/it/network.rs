//! A page asks for the inside of the network in every way there is: nothing arrives.

use std::collections::BTreeSet;

use cmes_browser::{Confinement, Limits};
use cmes_fetch::Budget;
use tokio::net::{TcpListener, TcpStream, UdpSocket};

use crate::support::{Is, page, patient, serve};

/// Asks for an address in all ways; writes which of them have ended how.
const ASK: &str = r"
const here = (path) => location.origin + path;
const told = {};
const tell = (name) => (how) => { told[name] = how?.type ?? how?.name ?? how; document.querySelector('pre').textContent = JSON.stringify(told) };
const attempt = (name, work) => { try { Promise.resolve(work()).then(tell(name), tell(name)) } catch (error) { tell(name)(error) } };
const element = (name, tag, attributes, place = document.body) => attempt(name, () => new Promise(done => {
  const made = Object.assign(document.createElement(tag), attributes, { onload: done, onerror: done });
  place.append(made);
}));
const socket = (name, make) => attempt(name, () => new Promise(done => { const made = make(); made.onerror = made.onclose = made.onopen = done }));
const target = `http://TARGET/`;
// The page does not come to rest before the last attempt has ended.
const busy = setInterval(() => document.querySelector('i').append('.'), 20);
for (const [kind, url] of [['literal', target], ['name', `http://localhost:PORT/`], ['number', `http://2130706433:PORT/`],
    ['mapped', `http://[::ffff:127.0.0.1]:PORT/`], ['v6', `http://[::1]:PORT/`], ['dns', `http://inside.example:PORT/`], ['moved', here('/moved')]]) {
  attempt('fetch ' + kind, () => fetch(url, { mode: 'no-cors' }));
}
attempt('xhr', () => new Promise(done => { const x = new XMLHttpRequest(); x.onloadend = done; x.open('GET', target); x.send() }));
attempt('xhr sync', () => { const x = new XMLHttpRequest(); x.open('GET', target, false); x.send() });
attempt('post', () => fetch(target, { method: 'POST', mode: 'no-cors', body: 'x' }));
attempt('keepalive', () => fetch(target, { method: 'POST', mode: 'no-cors', keepalive: true, body: 'x' }));
attempt('beacon', () => String(navigator.sendBeacon(target, 'x')));
attempt('import', () => import(target + 'a.js'));
attempt('worker', () => { new Worker(URL.createObjectURL(new Blob([`fetch('${target}')`]))); return 'made' });
attempt('worker script', () => { new Worker('/worker.js'); return 'made' });
attempt('service worker', () => { navigator.serviceWorker?.register('/worker.js'); return 'asked' });
element('img', 'img', { src: target });
element('script', 'script', { src: target });
element('style', 'link', { rel: 'stylesheet', href: target });
element('frame', 'iframe', { src: target });
element('frame within', 'iframe', { srcdoc: `<img src='${target}'><script>fetch('${target}'); new WebSocket('ws://TARGET/')<\/script>` });
element('sandboxed', 'iframe', { sandbox: 'allow-scripts', srcdoc: `<script>fetch('${target}'); new WebSocket('ws://TARGET/'); new Worker(URL.createObjectURL(new Blob([1])))<\/script>` });
element('object', 'object', { data: target });
for (const rel of ['prefetch', 'preload', 'modulepreload', 'preconnect', 'dns-prefetch', 'prerender', 'icon', 'manifest']) {
  document.head.append(Object.assign(document.createElement('link'), { rel, href: target, as: 'fetch' }));
}
document.head.append(Object.assign(document.createElement('script'), { type: 'speculationrules', textContent: JSON.stringify({ prefetch: [{ source: 'list', urls: [target], eagerness: 'immediate' }], prerender: [{ source: 'list', urls: [target, here('/moved')], eagerness: 'immediate' }] }) }));
document.body.append(Object.assign(document.createElement('div'), { style: `background: url(${target})` }));
document.body.append(Object.assign(document.createElement('video'), { src: target, autoplay: true }));
const form = Object.assign(document.createElement('form'), { action: target, method: 'post', target: 'f' });
document.body.append(Object.assign(document.createElement('iframe'), { name: 'f' }), form); form.submit();
window.open(target);
Object.assign(document.createElement('a'), { href: here('/'), ping: target }).click;
socket('socket', () => new WebSocket('ws://TARGET/'));
socket('events', () => new EventSource(target));
attempt('transport', () => typeof WebTransport == 'undefined' ? 'none' : new WebTransport('https://TARGET/').ready);
attempt('font', () => new FontFace('a', `url(${target})`).load());
attempt('peer', async () => {
  const peer = new RTCPeerConnection({ iceServers: [{ urls: 'stun:TARGET' }, { urls: 'turn:TARGET?transport=tcp', username: 'a', credential: 'b' }] });
  peer.createDataChannel('a');
  await peer.setLocalDescription(await peer.createOffer());
  await peer.setRemoteDescription({ type: 'answer', sdp: peer.localDescription.sdp.replace('setup:actpass', 'setup:active') });
  await peer.addIceCandidate({ candidate: 'candidate:1 1 udp 2113937151 127.0.0.1 PORT typ host', sdpMid: '0' });
  await peer.addIceCandidate({ candidate: 'candidate:1 1 tcp 2113937151 127.0.0.1 PORT typ host tcptype passive', sdpMid: '0' });
  await new Promise(done => setTimeout(done, 1500));
  clearInterval(busy);
  return peer.iceConnectionState;
});
";

async fn nothing_arrives(confinement: Confinement) {
    let (listener, port) = listen().await;
    let udp = UdpSocket::bind(("127.0.0.1", port)).await.expect("a free port");
    let target = format!("127.0.0.1:{port}");
    let script = ASK.replace("TARGET", &target).replace("PORT", &port.to_string());
    let site = serve([
        ("/", page(format!("<body><pre></pre><i></i><script>{script}</script>"))),
        ("/moved", Is::Moved(format!("http://{target}/"))),
        ("/worker.js", Is::Script("fetch('/from-worker')")),
    ])
    .await;
    let limits = Limits { confinements: vec![confinement], ..patient() };
    let Some(browser) = site.browser(limits) else { return };
    // By its number, because Chromium trusts loopback with what it keeps from plain http elsewhere.
    let fetched = site.fetcher.page(&site.by_number("/"), &Budget::default()).await.expect("a page");
    let rendered = browser.render(&fetched, &Budget::default()).await.expect("a page");
    let told = rendered.text.split("<pre>").nth(1).and_then(|rest| rest.split("</pre>").next()).unwrap_or_default();
    let told: serde_json::Map<String, serde_json::Value> = serde_json::from_str(told).expect("what became of each");
    for name in [
        "fetch literal",
        "fetch dns",
        "fetch moved",
        "xhr",
        "beacon",
        "img",
        "frame",
        "socket",
        "events",
        "transport",
        "peer",
    ] {
        assert!(told.contains_key(name), "{name} was not attempted: {told:?}");
    }
    let seen: BTreeSet<String> = site.seen().into_iter().collect();
    let expected: BTreeSet<String> = ["GET /".to_owned(), "GET /moved".to_owned()].into();
    assert_eq!(seen, expected);
    nothing_came(listener, udp).await;
}

async fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback is there");
    let port = listener.local_addr().expect("it is bound").port();
    (listener, port)
}

/// The first to come is this test itself.
async fn nothing_came(listener: TcpListener, udp: UdpSocket) {
    let own = TcpStream::connect(listener.local_addr().expect("it is bound")).await.expect("it listens");
    let (_, first) = listener.accept().await.expect("a connection");
    assert_eq!(first, own.local_addr().expect("it is connected"), "somebody connected before");
    let own = UdpSocket::bind("127.0.0.1:0").await.expect("loopback is there");
    own.send_to(b"own", udp.local_addr().expect("it is bound")).await.expect("sent");
    let (_, first) = udp.recv_from(&mut [0; 8]).await.expect("a datagram");
    assert_eq!(first, own.local_addr().expect("it is bound"), "somebody sent before");
}

#[tokio::test]
async fn nothing_arrives_without_a_network() {
    nothing_arrives(Confinement::Offline).await;
}

#[tokio::test]
async fn nothing_arrives_where_settings_close_the_network() {
    nothing_arrives(Confinement::Sandbox).await;
}

#[tokio::test]
async fn nothing_arrives_where_root_has_no_sandbox_to_give() {
    // Others never start it so.
    if rustix::process::geteuid().is_root() {
        nothing_arrives(Confinement::OtherUser).await;
    }
}
