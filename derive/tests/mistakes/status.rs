#[derive(errwire::Kinds)]
#[errwire(domain = "api.example.com")]
enum Mistaken {
    #[kind(status = 200, code = NOT_FOUND, message = "M.")]
    GoneAway,
}

fn main() {}
