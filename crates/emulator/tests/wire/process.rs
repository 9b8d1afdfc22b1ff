//! The `emulator` command.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_emulator"));
    command
        .env("EMULATOR_PORT", "0")
        .env("EMULATOR_CONTROL_PORT", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Starts it and reads its first line.
fn start(command: &mut Command) -> (Child, Value) {
    let mut child = command.spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    (child, serde_json::from_str(&line).unwrap())
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[test]
fn says_where_it_listens_and_ends_on_signals() {
    for name in ["-TERM", "-INT"] {
        let (mut child, ready) = start(&mut command());
        assert_eq!(ready["event"], "listening");
        let (port, control) = (ready["port"].as_u64().unwrap(), ready["control_port"].as_u64().unwrap());
        assert!(port > 0 && control > 0 && port != control);
        signal(&child, name);
        assert!(child.wait().unwrap().success(), "{name}");
    }
}

#[test]
fn ends_with_standard_input_only_if_told_to() {
    let (mut child, _) = start(command().env("EMULATOR_EXIT_ON_STDIN_EOF", "1"));
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());

    let (mut child, ready) = start(&mut command());
    drop(child.stdin.take());
    let address = format!("127.0.0.1:{}", ready["port"]);
    assert!(std::net::TcpStream::connect(address).is_ok());
    signal(&child, "-TERM");
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_taken_port_is_named_with_the_way_out() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    for variable in ["EMULATOR_PORT", "EMULATOR_CONTROL_PORT"] {
        let output = command().env(variable, port.to_string()).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        let problem: Value = serde_json::from_slice(&output.stderr).unwrap();
        assert_eq!(problem["code"], "port_not_free");
        let text = format!("{}{}", problem["problem"], problem["help"]);
        assert!(text.contains(&port.to_string()) && text.contains(variable), "{text}");
    }
}

#[test]
fn settings_that_cannot_be_are_named() {
    for (variable, value) in
        [("EMULATOR_PORT", "http"), ("EMULATOR_PORT", "70000"), ("EMULATOR_ANY_SPACE", "yes")]
    {
        let output = command().env(variable, value).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(variable) && text.contains(value), "{text}");
    }
}

#[test]
fn logs_requests_and_no_credential() {
    use std::io::Write;
    let (mut child, ready) = start(&mut command());
    let mut stream = std::net::TcpStream::connect(format!("127.0.0.1:{}", ready["port"])).unwrap();
    let request = "GET /api/2.0/genie/spaces HTTP/1.1\r\nhost: x\r\nauthorization: Bearer emulator-token\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"));
    let mut line = String::new();
    BufReader::new(child.stderr.as_mut().unwrap()).read_line(&mut line).unwrap();
    let entry: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(
        (&entry["path"], &entry["status"]),
        (&Value::from("/api/2.0/genie/spaces"), &Value::from(200))
    );
    assert!(entry["ms"].is_number() && entry.get("fault").is_some());
    assert!(!line.contains("emulator-token"));
    signal(&child, "-TERM");
    assert!(child.wait().unwrap().success());
}
