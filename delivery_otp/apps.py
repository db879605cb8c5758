from django.apps import AppConfig


class DeliveryOtpConfig(AppConfig):
    name = "delivery_otp"

    def ready(self) -> None:
        from api import guesses
        from api.replays import forget_old_requests
        from delivery_otp import heartbeat
        from delivery_otp.doctor import trial
        from notifications import worker

        trial.register()
        worker.every(3600, forget_old_requests)
        worker.every(guesses.SWEEP_SECONDS, guesses.forget_old_counts)
        worker.every(heartbeat.NOTE_SECONDS, heartbeat.note_worker)
