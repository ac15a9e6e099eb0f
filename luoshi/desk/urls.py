"""The desk's addresses."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from luoshi.desk.views import compare, doubts, home, pages, picking, plans, reading, session, units

urlpatterns = [
    path("", home.home, name="home"),
    path("login/", session.LogIn.as_view(), name="login"),
    path("login/password/", session.NewPassword.as_view(), name="password"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("documents/", reading.to_home, name="documents"),
    path("documents/upload/", home.upload, name="upload"),
    path("documents/<int:pk>/", reading.reading, name="reading"),
    path("documents/<int:pk>/read/", home.read_again, name="read-again"),
    path("documents/<int:pk>/tasks/<str:key>/", reading.task, name="reading-task"),
    path("documents/<int:pk>/tasks/<str:key>/change/", reading.change, name="reading-change"),
    path("documents/<int:pk>/tasks/<str:key>/pick/", picking.pick, name="reading-pick"),
    path("documents/<int:pk>/parts/<str:side>/", reading.part, name="reading-part"),
    path("documents/<int:pk>/pages/", pages.sheets, name="reading-pages"),
    path("documents/<int:pk>/pages/<int:number>/", pages.picture, name="reading-page"),
    path("documents/<int:pk>/pages/<int:number>/fields/", pages.fields, name="reading-page-fields"),
    path("documents/<int:pk>/doubts/<str:key>/", doubts.answer, name="reading-answer"),
    path("documents/<int:pk>/doubts/kinds/<str:code>/", doubts.kind, name="reading-doubts"),
    path("documents/<int:pk>/doubts/kinds/<str:code>/more/", doubts.more, name="reading-doubts-more"),
    path("documents/<int:pk>/sections/<str:key>/", reading.section, name="reading-section"),
    path("documents/<int:pk>/sections/<str:section>/add/", reading.add, name="reading-add"),
    path("documents/<int:pk>/undo/", reading.undo, name="reading-undo"),
    path("documents/<int:pk>/redo/", reading.redo, name="reading-redo"),
    path("documents/<int:pk>/history/", reading.history, name="reading-history"),
    path("documents/<int:pk>/units/", units.units, name="reading-units"),
    path("documents/<int:pk>/adopt/", units.adopt, name="reading-adopt"),
    path("documents/<int:pk>/file/", reading.file, name="reading-file"),
    path("documents/<int:pk>/compare/", compare.choose, name="compare-choose"),
    path("documents/<int:old>/compare/<int:new>/", compare.compare, name="compare"),
    path("documents/<int:old>/compare/<int:new>/export/<str:name>/", compare.export, name="compare-export"),
    path("documents/<int:pk>/export/<str:name>/", reading.export, name="reading-export"),
    path("plans/<int:pk>/", plans.ledger, name="ledger"),
    path("plans/<int:pk>/issue/", plans.issue, name="plan-issue"),
    path("plans/<int:pk>/withdraw/", plans.withdraw, name="plan-withdraw"),
    path("plans/<int:pk>/export/<str:name>/", plans.export, name="ledger-export"),
    path("plans/<int:pk>/tasks/<str:key>/", plans.task, name="task"),
]
