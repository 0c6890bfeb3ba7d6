//! A headless Chromium driven through its debugging pipe: enough of the protocol to load a page, look at it, click and
//! type. Messages are JSON, each ended by a zero byte; the pipe is file 3 (in) and 4 (out), which a shell puts in place.

use serde_json::{Value, json};
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long the browser may take to answer, or a page to be ready.
const PATIENCE: Duration = Duration::from_secs(90);
/// Names that the browser goes by.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/// A browser with one page.
pub struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    session: String,
    next: u64,
    events: Vec<Value>,
    _home: tempfile::TempDir,
}

/// The browser's program. Without one the tests are skipped with a word about it; never in CI, where that would
/// hide that nothing was tested.
pub fn program() -> Option<String> {
    let named = std::env::var("CHROMIUM").ok();
    let names = named.iter().map(String::as_str).chain(NAMES);
    let runs =
        |name: &str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    let found = names.into_iter().find(|name| runs(name)).map(str::to_owned);
    if found.is_none() {
        let message = "no Chromium: the page is not tested in a browser. Install it (`make set-up`), or name it in CHROMIUM";
        assert!(std::env::var_os("CI").is_none(), "{message}");
        eprintln!("SKIPPED: {message}");
    }
    found
}

impl Browser {
    /// Starts the browser with an empty page.
    pub fn start(program: &str) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let profile = format!("--user-data-dir={}", home.path().display());
        let mut child = Command::new("sh")
            .args(["-c", r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#, program])
            .args([
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
            ])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--hide-scrollbars", "--remote-debugging-pipe", profile.as_str(), "about:blank"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell");
        let to = child.stdin.take().expect("a pipe");
        let mut out = child.stdout.take().expect("a pipe");
        let (sender, from) = channel();
        std::thread::spawn(move || {
            let (mut held, mut chunk) = (Vec::new(), vec![0; 1 << 16]);
            while let Ok(read @ 1..) = out.read(&mut chunk) {
                held.extend_from_slice(&chunk[..read]);
                while let Some(end) = held.iter().position(|byte| *byte == 0) {
                    let message: Vec<u8> = held.drain(..=end).collect();
                    let Ok(value) = serde_json::from_slice(&message[..end]) else { continue };
                    if sender.send(value).is_err() {
                        return;
                    }
                }
            }
        });
        let mut browser =
            Self { child, to, from, session: String::new(), next: 0, events: Vec::new(), _home: home };
        let target = browser.call("Target.createTarget", &json!({"url": "about:blank"}));
        let attached = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.call("Target.attachToTarget", &attached);
        session["sessionId"].as_str().expect("a session").clone_into(&mut browser.session);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        browser.scheme("light");
        browser
    }
    /// Asks for something and waits for the answer.
    pub fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.next += 1;
        let mut message = json!({"id": self.next, "method": method, "params": parameters});
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.to.write_all(&bytes).expect("the browser listens");
        let until = Instant::now() + PATIENCE;
        loop {
            match self.from.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(answer) if answer["id"] == self.next => {
                    assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
                    return answer["result"].clone();
                }
                Ok(event) => self.events.push(event),
                Err(RecvTimeoutError::Timeout) => panic!("{method}: the browser does not answer"),
                Err(RecvTimeoutError::Disconnected) => panic!("{method}: the browser has ended"),
            }
        }
    }
    /// What a script comes to.
    pub fn run(&mut self, script: &str) -> Value {
        let asked = json!({"expression": script, "returnByValue": true, "awaitPromise": true});
        let answer = self.call("Runtime.evaluate", &asked);
        assert!(answer["exceptionDetails"].is_null(), "{script}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }
    /// Waits until a script comes to true.
    pub fn wait_for(&mut self, script: &str) {
        let until = Instant::now() + PATIENCE;
        while self.run(script) != json!(true) {
            assert!(Instant::now() < until, "in vain: {script}; {:?}", self.faults());
            std::thread::sleep(Duration::from_millis(50));
        }
    }
    /// Opens a file from the disk and waits until the page has drawn everything.
    pub fn open(&mut self, file: &Path) {
        let url = format!("file://{}", file.canonicalize().expect("a file").display());
        self.call("Page.navigate", &json!({"url": url}));
        self.wait_for("document.documentElement?.dataset.ready === 'true'");
    }
    /// Sets the window's size.
    pub fn size(&mut self, width: u32, height: u32) {
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600});
        self.call("Emulation.setDeviceMetricsOverride", &metrics);
    }
    /// Asks for light or dark.
    pub fn scheme(&mut self, scheme: &str) {
        // Without motion a click lands where its target is, not where it was.
        let features = json!([{"name": "prefers-color-scheme", "value": scheme},
                              {"name": "prefers-reduced-motion", "value": "reduce"}]);
        self.call("Emulation.setEmulatedMedia", &json!({"features": features}));
    }
    /// Shows the page as it is printed.
    pub fn on_paper(&mut self) {
        self.call("Emulation.setEmulatedMedia", &json!({"media": "print"}));
    }
    /// Presses a key.
    pub fn press(&mut self, key: &str) {
        let code = match key {
            "Tab" => 9,
            "Enter" => 13,
            "Escape" => 27,
            _ => 0,
        };
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let event =
                json!({"type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text});
            self.call("Input.dispatchKeyEvent", &event);
        }
    }
    /// Types a text.
    pub fn type_text(&mut self, text: &str) {
        self.call("Input.insertText", &json!({"text": text}));
    }
    /// Clicks a place of the window.
    pub fn click_at(&mut self, x: f64, y: f64) {
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", &event);
        }
    }
    /// Clicks the middle of an element.
    pub fn click(&mut self, selector: &str) {
        let script = format!(
            "(() => {{ const e = document.querySelector({selector:?}); e.scrollIntoView({{block: 'center', behavior: 'instant'}}); \
             const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()"
        );
        let at = self.run(&script);
        self.click_at(at[0].as_f64().expect("a place"), at[1].as_f64().expect("a place"));
    }
    /// Errors and warnings that the page told the console, and addresses that it asked for beyond itself.
    pub fn faults(&mut self) -> Vec<String> {
        self.run("1");
        let told = self.events.iter().filter_map(|event| {
            let p = &event["params"];
            match event["method"].as_str()? {
                "Runtime.exceptionThrown" => Some(format!("exception: {}", p["exceptionDetails"])),
                "Runtime.consoleAPICalled" if p["type"] == "error" || p["type"] == "warning" => {
                    Some(format!("console: {}", p["args"]))
                }
                "Log.entryAdded" if p["entry"]["level"] == "error" => {
                    Some(format!("log: {}", p["entry"]["text"]))
                }
                "Page.javascriptDialogOpening" => Some(format!("dialog: {}", p["message"])),
                "Network.requestWillBeSent" => {
                    let url = p["request"]["url"].as_str()?;
                    let own = url.starts_with("file:") && p["type"] == "Document" || url == "about:blank";
                    (!own).then(|| format!("request: {}", url.chars().take(200).collect::<String>()))
                }
                _ => None,
            }
        });
        told.collect()
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The shell became the browser, so this ends the browser itself.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
