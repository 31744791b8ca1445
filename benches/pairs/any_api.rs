//! What the general reader costs: bodies of ten APIs, with what else they may hold (a trace) up to a size, next to `serde_json`,
//! which makes a tree of the same body and understands nothing of it.

use bytes::Bytes;
use divan::{Bencher, black_box};
use errwire::Translator;
use serde_json::{Value, json};

const APIS: [&str; 10] = [
    "adyen-422",
    "asana-404",
    "auth0-404",
    "es-404",
    "graph-404",
    "hubspot-429",
    "magento-400",
    "notion-400",
    "okta-400",
    "paypal-400",
];
const SIZES: [usize; 2] = [1_024, 60 * 1_024];

#[divan::bench(args = SIZES)]
fn errwire(bencher: Bencher<'_, '_>, size: usize) {
    let (translator, responses) = (Translator::default(), responses(size));
    bencher.bench(|| {
        responses.iter().map(|response| translator.read_http(black_box(response))).all(|error| error.is_ok())
    });
}

#[divan::bench(args = SIZES)]
fn tree_alone(bencher: Bencher<'_, '_>, size: usize) {
    let responses = responses(size);
    bencher.bench(|| {
        let trees = responses.iter().map(|response| serde_json::from_slice::<Value>(black_box(response.body())));
        trees.filter(|tree| tree.is_ok()).count()
    });
}

/// The ten, each of about that many bytes.
fn responses(size: usize) -> Vec<http::Response<Bytes>> {
    let rows =
        include_str!("../../tests/cases/apis.jsonl").lines().map(|row| serde_json::from_str::<Value>(row).unwrap());
    let rows: Vec<_> = rows.filter(|row| row["id"].as_str().is_some_and(|id| APIS.contains(&id))).collect();
    assert_eq!(rows.len(), APIS.len());
    rows.iter().map(|row| response(row, size)).collect()
}

fn response(row: &Value, size: usize) -> http::Response<Bytes> {
    let text = row["text"].as_str().unwrap();
    let mut body: Value = serde_json::from_str(text).unwrap();
    let frame = json!({"file": "src/handlers/orders.js", "line": 117, "function": "OrderHandler.create"});
    let frames = size.saturating_sub(text.len()) / (frame.to_string().len() + 1);
    body.as_object_mut().unwrap().insert("trace".into(), vec![frame; frames].into());
    let status = u16::try_from(row["status"].as_u64().unwrap()).unwrap();
    let response = http::Response::builder().status(status).header("content-type", "application/json");
    response.body(body.to_string().into()).unwrap()
}
