"""Every address of the site: the doors, and Django's own back office."""

from django.contrib import admin
from django.urls import include, path

from luoshi.desk.views.session import back_office_log_in

urlpatterns = [
    # One way in: the back office's own log-in knows no second factor.
    path("admin/login/", back_office_log_in),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("luoshi.desk.urls")),
]
