#[derive(errwire::Kinds)]
#[errwire(domain = "api.example.com")]
enum Mistaken {
    #[kind(status = 404, code = NOT_FOUND, message = "Task {task_id} is gone.")]
    GoneAway,
}

fn main() {}
