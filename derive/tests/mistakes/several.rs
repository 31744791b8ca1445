// All problems are reported at once.

#[derive(errwire::Kinds)]
enum Mistaken {
    #[kind(status = 99, code = OK, message = "M.")]
    GoneAway,
    #[kind(status = 404, code = NOT_FOUND, message = "M.", status = 405)]
    A,
    Bare,
    #[kind(name = "lost_job", status = 503, code = UNAVAILABLE, message = "M.")]
    LostJob,
    #[kind(name = "lost_job", status = 503, code = UNAVAILABLE, message = "M.")]
    LostTwice,
}

#[derive(errwire::Kinds)]
struct NotAnEnum;

fn main() {}
