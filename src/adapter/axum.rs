//! `errwire::Error` as a response of axum.

use axum::extract::rejection::{FormRejection, JsonRejection, PathRejection, QueryRejection};
use axum_core::{
    body::Body,
    response::{IntoResponse, Response},
};

use super::rejection::field;
use crate::{
    model::{Audience, Error, HttpStatus, kind_for_status},
    translate::{Translator, WriteHttpOptions},
};

/// Written for anybody ([`Audience::Public`]), by the built-in catalog. The error itself is among the extensions of the
/// response, so that a layer further out can write it again: `HttpServerLayer` does, by its own catalog, for its own
/// audience, and in the language and the dialect that the caller accepts.
///
/// ```
/// # #[cfg(feature = "layer")] {
/// use axum::{Json, Router, extract::Path, routing::get};
/// use errwire::{Error, kinds, layer::HttpServerLayer};
///
/// async fn task(Path(id): Path<String>) -> errwire::Result<Json<String>> {
///     Err(Error::new(kinds::TASK_NOT_FOUND).with_metadata("task_id", id))
/// }
///
/// let app: Router = Router::new().route("/tasks/{id}", get(task)).layer(HttpServerLayer::default());
/// # }
/// ```
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (written, _) = Translator::builtin().write_http_with(&self, &WriteHttpOptions::new(Audience::Public));
        let mut response = written.map(Body::from);
        response.extensions_mut().insert(self);
        response
    }
}

fn rejected(status: http::StatusCode, message: String) -> Error {
    // What is not an error was not rejected.
    let status = HttpStatus::try_from(status).unwrap_or(HttpStatus::from_static(400));
    let error = Error::new(kind_for_status(status).clone()).with_message(&*message);
    match field(&message) {
        Some((field, reason)) => error.with_field_violation(field, reason),
        None => error,
    }
}

macro_rules! rejections {
    ($($name:ident)+) => {$(
        /// With the field in a `BadRequest` where the rejection names it, so that `?` and axum-extra's `WithRejection` pass it
        /// on. The source is the rejection.
        impl From<$name> for Error {
            fn from(rejection: $name) -> Self {
                rejected(rejection.status(), rejection.body_text()).with_source(rejection)
            }
        }
    )+};
}

rejections!(FormRejection JsonRejection PathRejection QueryRejection);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::kinds;

    #[test]
    fn shows_little_and_keeps_all() {
        let error = Error::new(kinds::INTERNAL_ERROR).with_message("disk on fire");
        let response = error.clone().into_response();
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(response.extensions().get::<Error>(), Some(&error));
        assert!(!response.headers().contains_key("grpc-status-details-bin"));
    }

    #[tokio::test]
    async fn names_the_field() {
        use axum::{
            Json,
            extract::{FromRequest, FromRequestParts, Query},
        };
        #[derive(Debug, serde::Deserialize)]
        struct Task {
            #[allow(dead_code, reason = "only its name counts")]
            url: String,
        }
        let request = |kind: &str, body: &'static str| {
            let request = http::Request::post("/?size=many").header("content-type", kind);
            request.body(Body::from(body)).unwrap()
        };
        let json = request("application/json", r#"{"url": 1}"#);
        let error = Error::from(Json::<Task>::from_request(json, &()).await.unwrap_err());
        assert_eq!((error.kind().as_str(), error.status().as_u16()), ("unprocessable_content", 422));
        assert_eq!(error.field_violations()[0].field, "url");
        let error = Error::from(Json::<Task>::from_request(request("text/plain", ""), &()).await.unwrap_err());
        assert_eq!(error.kind().as_str(), "unsupported_media_type");
        let error = Error::from(Json::<Task>::from_request(request("application/json", "{"), &()).await.unwrap_err());
        assert_eq!(error.kind().as_str(), "request_invalid");
        let (mut parts, _) = request("text/plain", "").into_parts();
        let rejected = Query::<std::collections::BTreeMap<String, u8>>::from_request_parts(&mut parts, &()).await;
        let error = Error::from(rejected.unwrap_err());
        assert_eq!(error.field_violations()[0].field, "size");
    }
}
