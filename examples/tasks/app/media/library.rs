//! The server. A real one would look at the source; this one goes by its URL.

use axum::{
    Json, Router,
    extract::Query,
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing,
};
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct Asked {
    url: String,
}

/// `GET /format?url=URL` answers `{"format": "mp4"}`.
pub(crate) fn library() -> Router {
    Router::new().route("/format", routing::get(format))
}

async fn format(Query(Asked { url }): Query<Asked>) -> Response {
    let path = url.split_once("://").map_or("", |(_, rest)| rest);
    let (host, file) = path.split_once('/').unwrap_or((path, ""));
    match host {
        "garbled.example.com" => Html("<p>Welcome to nginx!").into_response(),
        "gateway.example.com" => (StatusCode::BAD_GATEWAY, Html("<h1>502 Bad Gateway</h1>")).into_response(),
        "closed.example.com" => {
            let closed = Html("<h1>503 Service Temporarily Unavailable</h1>");
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "30")], closed).into_response()
        }
        _ => match file.rsplit_once('.') {
            Some((_, format)) => Json(json!({"format": format})).into_response(),
            None => {
                let lost = json!({"kind": "source_not_found", "message": "There is nothing at that URL."});
                (StatusCode::NOT_FOUND, Json(lost)).into_response()
            }
        },
    }
}
