import os
from datetime import timedelta
import pytest
from django.utils import timezone
from playwright.sync_api import sync_playwright
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]="1"
from governance.actions import minutes, running, agenda, opinions, cases
from governance.models import *
from tests.governance.meeting_helpers import *
from tests.people import PASSWORD
from django.test import Client
from django.conf import settings
OUT="/tmp/team/mm/shots/"
@pytest.mark.django_db(transaction=True)
def test_shots(live_server, steering, secretary, directors, sortland):
    old = held(steering, secretary, a_case(steering, secretary, "Mandat for arbeidsgruppen"))
    minutes.send_minutes(meeting=old, by=secretary)
    texts=dict(information="Kommunene har hver sin løsning for innlogging.\n\nArbeidsgruppen har sett på tre alternativer.", assessment="Sekretariatet mener felles innlogging gir minst arbeid for innbyggerne.", consequences="120 000 kr per år, delt likt.", example=True)
    c1=a_case(steering, secretary, "Finansieringsplan for felles innlogging", asks_municipalities=True, **texts)
    c2=a_case(steering, secretary, "Status i prosjektene", kind="orientation", proposal="", example=True)
    c3=a_case(steering, secretary, "Forhandlinger om felles anskaffelse", exempt=True, legal_ground="offentleglova § 23 første ledd")
    c4=a_case(steering, secretary, "Godkjenning av prosjektporteføljen, versjon 2", **texts)
    m=a_meeting(steering, secretary, in_days=0, place="Teams", example=True)
    for c in (c1,c2,c3,c4): agenda.put_on_agenda(meeting=m, case=c, by=secretary)
    shot={}
    here=lambda mm: mm.get_absolute_url()
    with sync_playwright() as p:
        b=p.chromium.launch(executable_path="/usr/bin/chromium",args=["--no-sandbox","--disable-gpu","--no-first-run","--disable-background-networking"])
        def go(who,url,name,click=None):
            c=Client(); c.force_login(who)
            for w in (1280,390):
                ctx=b.new_context(viewport={"width":w,"height":900})
                ctx.add_cookies([{"name":settings.SESSION_COOKIE_NAME,"value":c.cookies[settings.SESSION_COOKIE_NAME].value,"url":live_server.url}])
                pg=ctx.new_page(); errs=[]
                pg.on("console",lambda m: errs.append(m.text) if m.type=="error" else None)
                pg.goto(live_server.url+url); pg.wait_for_timeout(400)
                if click: pg.click(click); pg.wait_for_timeout(200)
                pg.screenshot(path=f"{OUT}{name}-{w}.png",full_page=True)
                ow=pg.evaluate("[document.documentElement.scrollWidth,document.documentElement.clientWidth]")
                if ow[0]>ow[1] or errs: print(name,w,ow,errs)
                pg.add_script_tag(path="node_modules/axe-core/axe.min.js") if os.path.exists("node_modules/axe-core/axe.min.js") and 0 else None
                ctx.close()
        go(secretary,here(m)+"saksliste/","agenda")
        go(secretary,here(m)+"send/","send")
        agenda.send_agenda(meeting=m, by=secretary); c1.refresh_from_db(); c4.refresh_from_db()
        opinions.give_view(case=c1, organisation=Organisation.objects.get(number="1866"), stance="with_remark", text="Vi vil ha med drift.", by=directors["Hadsel"])
        d=directors["Sortland"]
        go(d,here(m),"meeting-director")
        go(d,c1.get_absolute_url(),"case-director")
        go(d,here(old),"old-director")
        go(d,here(old)+"referat/svar/","remark")
        go(secretary,"/vesteralen/moter/","meetings")
        go(secretary,"/vesteralen/moter/nytt/","meeting-new")
        go(secretary,"/vesteralen/saker/","cases")
        go(secretary,"/vesteralen/saker/ny/","case-new")
        go(secretary,here(m),"meeting-secretary")
        go(secretary,here(m)+"start/","start")
        running.start_meeting(meeting=m, by=secretary)
        running.resolve(item=m.items.first(), outcome="recommended", by=secretary)
        go(secretary,here(m)+"gjennomfor/","run")
        it=m.items.all()[3]
        go(secretary,here(m)+f"sak/{it.pk}/","resolve")
        running.resolve(item=it, outcome="changed", points=[{"text":"Porteføljen godkjennes.","responsible":"Sekretariatet","deadline":timezone.localdate()}], by=secretary)
        for i in m.items.filter(resolution=None).select_related("case"): running.resolve(item=i,outcome=i.case.usual_outcome,by=secretary)
        running.end_meeting(meeting=m, by=secretary)
        go(secretary,here(m),"meeting-held")
        go(secretary,c1.get_absolute_url(),"case-held")
        go(secretary,"/vesteralen/oppfolging/","followup")
        b.close()
